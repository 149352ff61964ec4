using System.Buffers;
using Gateway.Control.Memory;
using Gateway.Mcp.Lists;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The plan for relaying one response.</summary>
public sealed record RelayPlan
{
    /// <summary>The plan of a call whose response passes unchanged.</summary>
    public static RelayPlan PassThrough { get; } = new();

    /// <summary>The registered server's name, for errors that mention it.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>
    /// The id of the request as raw JSON, for finding the response and for an error in its place; empty if there is
    /// none.
    /// </summary>
    public ReadOnlyMemory<byte> RequestId { get; init; }

    /// <summary>
    /// The filter of every list in the response. Set for list requests and for GET streams, where the request of a
    /// response is unknown; null relays the bytes unchanged.
    /// </summary>
    public IListFilter? ListFilter { get; init; }

    /// <summary>The evaluation of the messages of the server; null if the policy does not evaluate results.</summary>
    public IResultFilter? Results { get; init; }

    /// <summary>The rewriter of messages that passed every evaluation; null if none are changed.</summary>
    public IMessageRewriter? Rewriter { get; init; }

    /// <summary>
    /// True if the message is a request, so that a body without its response is replaced by an error with its id.
    /// </summary>
    public bool ExpectsResponse { get; init; }

    /// <summary>
    /// A function that returns true if the client has since canceled the request, so that no response is due; null if
    /// it cannot be canceled.
    /// </summary>
    public Func<bool>? IsCanceled { get; init; }

    /// <summary>
    /// True if the client can resume a stream that ended after an event id (2025-03-26 to 2025-11-25).
    /// </summary>
    public bool MayResume { get; init; }

    /// <summary>The agreement on a protocol revision; only for <c>initialize</c>.</summary>
    public Handshake? Handshake { get; init; }

    /// <summary>True if the response is inspected for a JSON-RPC error or <c>isError</c>.</summary>
    public bool InspectsErrors { get; init; }

    /// <summary>True if a response that is too long to be rewritten must not pass.</summary>
    public bool MustRewrite => Rewriter is { IsRequired: true };

    /// <summary>
    /// Called once, before the end of a whole response is relayed, with true if it is an error, and with the response,
    /// empty if it was not read. Never called for a response that was lost.
    /// </summary>
    public Func<bool, ReadOnlyMemory<byte>, ValueTask>? BeforeEnd { get; init; }

    /// <summary>
    /// Called once, before a response of <c>input_required</c> is relayed, with its <c>requestState</c> as a raw JSON
    /// string, empty if there is none. Only if <see cref="InspectsErrors"/> has the response inspected.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, ValueTask>? BeforeRetry { get; init; }

    /// <summary>
    /// The conversion of the server's session id to the one that the client sees; null relays it unchanged.
    /// </summary>
    public Func<string, string>? SealSession { get; init; }

    /// <summary>The call's timeout; only if <see cref="InspectsErrors"/> has the response inspected.</summary>
    public RelayTimeout? Timeout { get; init; }

    /// <summary>
    /// True if the call ends with the client's connection. From 2026-07-28 on, closing it cancels the call. In earlier
    /// revisions it does not, and a response that cannot be resumed is read to its end.
    /// </summary>
    public bool EndsWithClient { get; init; } = true;

    /// <summary>The memory budget for buffering a whole response; null only bounds it by its own size.</summary>
    public MemoryBudget? Memory { get; init; }

    /// <summary>The share of that memory.</summary>
    public MemoryShare? Share { get; init; }

    /// <summary>The clock of the intervals and limits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The interval between comments on an idle event stream. 15 s.</summary>
    public TimeSpan CommentEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The function that sends a comment ahead of the response, if the client's stream began before it; null otherwise.
    /// </summary>
    public Func<CancellationToken, ValueTask>? CommentAhead { get; init; }

    /// <summary>Events that the gateway adds to the server's stream; null if there are none.</summary>
    public IStreamNotices? Notices { get; init; }

    /// <summary>The callback that receives each message of a stream before it passes; null if not needed.</summary>
    public Action<ReadOnlyMemory<byte>>? OnMessage { get; init; }

    /// <summary>The callback for when a stream of the server reports a changed list.</summary>
    public Action? OnListChanged { get; init; }

    /// <summary>
    /// The callback for when the client left and the response is still read, with an action that ends the reading.
    /// </summary>
    public Action<Action>? OnAbandoned { get; init; }
}

/// <summary>A rewriter of messages of a server after their evaluation and before they are written.</summary>
public interface IMessageRewriter
{
    /// <summary>True if a message that is too long to be rewritten must not pass.</summary>
    bool IsRequired => false;

    /// <summary>Returns the maximum memory for rewriting a message; 0 if nothing in it changes.</summary>
    long BytesFor(ReadOnlySpan<byte> message);

    /// <summary>
    /// Writes the changed message, or nothing to remove the message from a stream; returns false, and writes nothing,
    /// if it passes unchanged.
    /// </summary>
    bool TryRewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output);
}

/// <summary>The timeout of a call while its response is relayed.</summary>
/// <param name="Extend">Called for each progress notification of the server.</param>
/// <param name="Response">Creates the JSON-RPC response in place of the server's.</param>
/// <param name="Elapsed">Canceled when the time is over.</param>
public sealed record RelayTimeout(Action Extend, Func<byte[]> Response, CancellationToken Elapsed);

/// <summary>The gateway's own events for a stream. One reader takes them; any thread may make them due.</summary>
public interface IStreamNotices
{
    /// <summary>True if the server's first message must precede them.</summary>
    bool FollowFirst { get; }

    /// <summary>Completed while events are due; each <see cref="Take"/> starts a new task.</summary>
    Task Due { get; }

    /// <summary>Returns the due events, each of them complete; empty if there are none.</summary>
    ReadOnlyMemory<byte> Take();
}
