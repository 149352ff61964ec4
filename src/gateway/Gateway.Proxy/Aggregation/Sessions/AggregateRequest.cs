using Gateway.Proxy.Deadlines;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Proxy.Aggregation.Sessions;

/// <summary>One message to several servers as one, and the resources that it holds.</summary>
internal sealed class AggregateRequest(HttpContext http, GrantModel grant, McpMessage? message, McpRevision revision)
    : IDisposable
{
    private readonly ConcurrentBag<IDisposable> _held = [];
    private volatile bool _isDisposed;

    /// <summary>The client's request; not to be used after its response.</summary>
    public HttpContext Http => http;

    /// <summary>The client's original headers; a forwarded message gets headers that match it.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> Headers { get; } = [.. http.Request.Headers];

    /// <summary>The mark of headers that policies can read; null if no trusted proxy sent the request.</summary>
    public ProxyHeaders? ProxyHeaders { get; } = http.Features.Get<ProxyHeaders>();

    /// <summary>The caller's token, which may be exchanged for a token of a server; null if there is none.</summary>
    public SubjectToken? SubjectToken { get; } = http.Features.Get<SubjectToken>();

    /// <summary>Cancelled when the client has left.</summary>
    public CancellationToken Aborted { get; } = http.RequestAborted;

    /// <summary>The services of the process.</summary>
    public IServiceProvider Services { get; } = http.RequestServices;

    public GrantModel Grant => grant;

    /// <summary>The message, or its rewritten form before the decision; a GET or DELETE has none.</summary>
    public McpMessage Message
    {
        get => field ?? throw new InvalidOperationException("The request has no message.");
        set;
    } = message!;

    public McpRevision Revision => revision;

    /// <summary>The session of the message; null if there is none.</summary>
    public AggregateSession? Session { get; init; }

    /// <summary>The time by which the gateway must be done with the request.</summary>
    public RequestDeadline Deadline { get; } = new();

    /// <summary>The servers of the grant, ordered by name.</summary>
    public ImmutableArray<string> Servers { get; } = [.. grant.Bindings.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// Holds a resource until the response. An inner request may outlive the request for a moment; resources that it
    /// adds then are disposed at once.
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
