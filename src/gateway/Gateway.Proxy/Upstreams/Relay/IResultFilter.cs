using System.Buffers;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>Judges what a server answers, before any of it passes.</summary>
public interface IResultFilter
{
    /// <summary>The longest message that is judged, in bytes; a longer one is denied.</summary>
    int BytesMax { get; }

    /// <summary>Whether the answer itself has rules; else only what else comes with it on a stream.</summary>
    bool JudgesAnswer { get; }

    /// <summary>Whether a denial answers the call, so that nothing may follow it.</summary>
    bool EndsWithDenial { get; }

    /// <summary>How much memory it takes for a moment to judge a message, at most.</summary>
    long BytesFor(ReadOnlySpan<byte> message);

    /// <summary>Whether a text beside the messages may pass: a header's value, a line of an event.</summary>
    bool IsClear(ReadOnlySpan<byte> text);

    /// <summary>Judges one message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="output">Gets what passes in its place; nothing where nothing does.</param>
    /// <param name="cancellation">Ends the evaluation with an exception once nobody waits for the message.</param>
    ResultAction Judge(ReadOnlyMemory<byte> message, IBufferWriter<byte> output, CancellationToken cancellation);

    /// <summary>Denies what cannot even be read as a message.</summary>
    /// <param name="reason">Why not: one sentence without its full stop.</param>
    /// <param name="isTooLarge">It is longer than the bound.</param>
    /// <param name="output">Gets what passes in its place.</param>
    /// <returns>False where every rule is in shadow, and it passes.</returns>
    bool Deny(string reason, bool isTooLarge, IBufferWriter<byte> output);
}
