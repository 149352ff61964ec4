using System.Buffers;
using Gateway.Control.Memory;
using Gateway.Mcp.Lists;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>How one answer is passed on.</summary>
public sealed record RelayPlan
{
    /// <summary>A call whose answer passes untouched.</summary>
    public static RelayPlan PassThrough { get; } = new();

    /// <summary>The registered server's name, for errors that speak of it.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>
    /// The id of the request as raw JSON: whose answer is looked for, and for an error in the answer's place; empty
    /// where there is none.
    /// </summary>
    public ReadOnlyMemory<byte> RequestId { get; init; }

    /// <summary>
    /// Filters every list in the answer. Set for list requests and for GET streams, where nobody knows which request
    /// an answer belongs to; null passes the bytes as they are.
    /// </summary>
    public IListFilter? Judge { get; init; }

    /// <summary>Judges what the server answers; null where the policy judges no answers.</summary>
    public IResultFilter? Results { get; init; }

    /// <summary>Changes messages that passed every evaluation; null where none is changed.</summary>
    public IMessageRewriter? Rewriter { get; init; }

    /// <summary>
    /// Whether the message is a request, so that a body without its response is replaced by an error with its id.
    /// </summary>
    public bool ExpectsResponse { get; init; }

    /// <summary>
    /// Whether the client has canceled the request meanwhile, so that no response is due; null where it cannot.
    /// </summary>
    public Func<bool>? IsCanceled { get; init; }

    /// <summary>
    /// Whether the client can resume a stream that ended after an event id (2025-03-26 to 2025-11-25).
    /// </summary>
    public bool MayResume { get; init; }

    /// <summary>The agreement on a protocol revision; only for <c>initialize</c>.</summary>
    public Handshake? Handshake { get; init; }

    /// <summary>Whether the answer is looked into for a JSON-RPC error or <c>isError</c>.</summary>
    public bool InspectsErrors { get; init; }

    /// <summary>
    /// Called once, before the end of a whole answer is passed on, with whether it is an error. Never called for an
    /// answer that was lost.
    /// </summary>
    public Func<bool, ValueTask>? BeforeEnd { get; init; }

    /// <summary>
    /// Called once, before an answer of <c>input_required</c> is passed on, with its <c>requestState</c> as a raw JSON
    /// string, empty where there is none. Only where <see cref="InspectsErrors"/> has the answer looked into.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, ValueTask>? BeforeRetry { get; init; }

    /// <summary>Turns the server's session id into the one that the client sees; null passes it as it is.</summary>
    public Func<string, string>? SealSession { get; init; }

    /// <summary>The call's timeout; only where <see cref="InspectsErrors"/> has the answer looked into.</summary>
    public RelayTimeout? Timeout { get; init; }

    /// <summary>
    /// Whether the call ends with the client's connection. From 2026-07-28 closing it is the cancel; before, a dropped
    /// connection is none, and an answer that nobody can resume is read to its end.
    /// </summary>
    public bool EndsWithClient { get; init; } = true;

    /// <summary>How long an answer is still read after its client left. 5 min.</summary>
    public TimeSpan AfterClientMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much of an answer is still read after its client left; what goes on is let go of. 1 MiB.</summary>
    public int AfterClientBytesMax { get; init; } = 1024 * 1024;

    /// <summary>The memory that an answer is taken whole in; null bounds it by its own size only.</summary>
    public MemoryBudget? Memory { get; init; }

    /// <summary>Whose share of it that is.</summary>
    public MemoryShare? Share { get; init; }

    /// <summary>How often a stream of events that brings nothing gets a comment. 15 s.</summary>
    public TimeSpan CommentEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Sends a comment ahead of the answer, where the client's stream began before it; null where it did not.
    /// </summary>
    public Func<CancellationToken, ValueTask>? CommentAhead { get; init; }

    /// <summary>Events that the gateway adds to the server's stream; null for none.</summary>
    public IStreamNotices? Notices { get; init; }

    /// <summary>Sees each message of a stream before it passes; null where nobody does.</summary>
    public Action<ReadOnlyMemory<byte>>? OnMessage { get; init; }

    /// <summary>Told that a stream of the server says that one of its lists is another now.</summary>
    public Action? OnListChanged { get; init; }

    /// <summary>Told when the client left and the answer is read on, with what ends that.</summary>
    public Action<Action>? OnAbandoned { get; init; }
}

/// <summary>Changes messages of a server after they were evaluated and before they are written.</summary>
public interface IMessageRewriter
{
    /// <summary>How much memory rewriting a message takes at most; 0 where nothing in it changes.</summary>
    long BytesFor(ReadOnlySpan<byte> message);

    /// <summary>Writes the changed message; false, and nothing is written, where it passes as it is.</summary>
    bool TryRewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output);
}

/// <summary>The timeout of a call while its answer is passed on.</summary>
/// <param name="Extend">Is called for each progress notification of the server.</param>
/// <param name="Response">Makes the JSON-RPC response in the place of the server's.</param>
/// <param name="Elapsed">Is canceled when the time is over.</param>
public sealed record RelayTimeout(Action Extend, Func<byte[]> Response, CancellationToken Elapsed);

/// <summary>Events of the gateway's own for a stream. One reader takes them; anybody may make them due.</summary>
public interface IStreamNotices
{
    /// <summary>Whether the server's first message must precede them.</summary>
    bool FollowFirst { get; }

    /// <summary>Completed while events are due; each <see cref="Take"/> begins another.</summary>
    Task Due { get; }

    /// <summary>Returns the events that are due, each of them complete; empty for none.</summary>
    ReadOnlyMemory<byte> Take();
}
