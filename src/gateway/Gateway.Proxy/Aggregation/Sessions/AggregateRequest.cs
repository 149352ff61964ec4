using Gateway.Proxy.Deadlines;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Proxy.Aggregation.Sessions;

/// <summary>One message to several servers as one, and what is held for it.</summary>
internal sealed class AggregateRequest(HttpContext http, GrantModel grant, McpMessage? message, McpRevision era)
    : IDisposable
{
    private readonly ConcurrentBag<IDisposable> _held = [];
    private volatile bool _isDisposed;

    /// <summary>Where the client is answered; not to be touched once it was.</summary>
    public HttpContext Http => http;

    /// <summary>The client's headers as they came; those that go on are of the message that they go with.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> Headers { get; } = [.. http.Request.Headers];

    /// <summary>Set when the client has gone.</summary>
    public CancellationToken Aborted { get; } = http.RequestAborted;

    /// <summary>The services of the process.</summary>
    public IServiceProvider Services { get; } = http.RequestServices;

    public GrantModel Grant => grant;

    /// <summary>
    /// The message, or what was made of it before it is decided on; a GET or DELETE has none.
    /// </summary>
    public McpMessage Message
    {
        get => field ?? throw new InvalidOperationException("The request has no message.");
        set;
    } = message!;

    public McpRevision Era => era;

    /// <summary>The session that it is in; null for none.</summary>
    public AggregateSession? Session { get; init; }

    /// <summary>The time by which the gateway has to be done with it.</summary>
    public RequestDeadline Deadline { get; } = new();

    /// <summary>The servers of the grant, in its order: that of their names.</summary>
    public ImmutableArray<string> Servers { get; } = [.. grant.Bindings.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// Keeps something until the request is answered. An inner request may outlive it for a moment; what that brings
    /// is disposed at once.
    /// </summary>
    public void Hold(IDisposable held)
    {
        _held.Add(held);
        if (_isDisposed)
            DisposeHeld();
    }

    public void Dispose()
    {
        _isDisposed = true;
        Deadline.Dispose();
        DisposeHeld();
    }

    private void DisposeHeld()
    {
        while (_held.TryTake(out var held))
            held.Dispose();
    }
}
