using System.Buffers;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>A filter that evaluates the messages of a server before any of them passes.</summary>
public interface IResultFilter
{
    /// <summary>The maximum length of a message that is evaluated, in bytes; a longer one is denied.</summary>
    int BytesMax { get; }

    /// <summary>True if the response itself has rules; otherwise only other messages on its stream do.</summary>
    bool EvaluatesResponses { get; }

    /// <summary>True if a denial is the response to the call, so that nothing may follow it.</summary>
    bool EndsWithDenial { get; }

    /// <summary>Returns the maximum temporary memory for evaluating a message.</summary>
    long BytesFor(ReadOnlySpan<byte> message);

    /// <summary>Returns true if a text outside the messages may pass: a header value, or a line of an event.</summary>
    bool IsClear(ReadOnlySpan<byte> text);

    /// <summary>Evaluates one message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="output">Receives the replacement; nothing if there is none.</param>
    /// <param name="cancellation">Ends the evaluation with an exception once no client waits for the message.</param>
    ResultAction Evaluate(ReadOnlyMemory<byte> message, IBufferWriter<byte> output, CancellationToken cancellation);

    /// <summary>Denies bytes that cannot be read as a message.</summary>
    /// <param name="reason">The reason, as one sentence without its period.</param>
    /// <param name="isTooLarge">True if it is longer than the bound.</param>
    /// <param name="output">Receives the replacement.</param>
    /// <returns>False if every rule is in shadow mode, so that the bytes pass.</returns>
    bool Deny(string reason, bool isTooLarge, IBufferWriter<byte> output);
}

/// <summary>The action for a message of a server.</summary>
public enum ResultAction
{
    /// <summary>It passes unchanged.</summary>
    Pass,

    /// <summary>The written replacement passes in its place.</summary>
    Changed,

    /// <summary>It does not pass; the written text contains the reason.</summary>
    Denied,
}
