using System.Security.Cryptography;
using System.Text;
using Gateway.Mcp.Headers;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>A replica of a server, for operators.</summary>
/// <param name="Url">Its endpoint.</param>
/// <param name="Fault">The reason why it is currently unused; null if it is in use.</param>
public sealed record ReplicaStatus(Uri Url, string? Fault);

/// <summary>The state of a server that has an address, for operators.</summary>
/// <param name="CredentialError">
/// The reason why there is no access token; null if there is one or none was needed.
/// </param>
/// <param name="Replicas">The replicas; empty if there is only one.</param>
public sealed record HttpStatus(string? CredentialError, IReadOnlyList<ReplicaStatus> Replicas)
    : UpstreamStatus(CredentialError)
{
    /// <summary>Its HTTP+SSE sessions at this gateway; null if it is not known to use that transport.</summary>
    public SseStatus? Sse { get; init; }
}

/// <summary>The HTTP+SSE sessions of a server at this gateway, for operators.</summary>
/// <param name="IsDetected">True if the transport was detected, not configured.</param>
/// <param name="Sessions">The number of open sessions.</param>
/// <param name="SessionsMax">The maximum number of sessions.</param>
public sealed record SseStatus(bool IsDetected, int Sessions, int SessionsMax);

/// <summary>
/// One endpoint of a server: its connections, its access tokens and its availability. An unreachable one is not used
/// until a background attempt to connect succeeds. One that is reachable but responds with a server fault is unused for
/// a while and then tried by the next request, because a mere connection would prove nothing.
/// </summary>
internal sealed class Replica(
    Uri url, EgressInvoker invoker, EndpointTokens? tokens, Func<CancellationToken, Task> probe, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private volatile string? _fault;
    private volatile int _failures;
    private long _since;
    private bool _isProbing;
    private bool _isReached;

    public Uri Url => url;

    /// <summary>
    /// Its name in session ids, derived from its URL, so that it is the same at every frontend regardless of the order
    /// of the list.
    /// </summary>
    public string Name { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped))).AsSpan(0, 4));

    public EndpointTokens? Tokens => tokens;

    public EgressInvoker Invoker => invoker;

    public ReplicaStatus Status => new(url, _fault);

    public bool IsUsable => _fault is null;

    /// <summary>The running background attempt to connect; for tests.</summary>
    internal Task Probing { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// Returns the reason why the replica that sent a response must not be used; null if it may be. 502 to 504 come
    /// from a proxy that does not reach the server, and other 5xx pages do not come from an MCP server.
    /// </summary>
    public static string? FaultOf(UpstreamResponse answer) => answer.StatusCode is 502 or 503 or 504
        || (answer.StatusCode >= 500 && answer.MediaType != MediaTypes.Json)
        ? $"it responded with HTTP {answer.StatusCode}" : null;

    /// <summary>Records that a connection was opened and that the server responded.</summary>
    /// <returns>True if it was unused because of a fault.</returns>
    public bool Reached()
    {
        if (_fault is null && _failures == 0)
            return false;
        lock (_gate)
        {
            var wasLost = _failures > 0;
            (_fault, _failures) = (null, 0);
            return wasLost;
        }
    }

    /// <summary>Records that it must not be used.</summary>
    /// <param name="fault">The reason.</param>
    /// <param name="isReached">True if a connection to it opens.</param>
    /// <returns>True if it was usable before.</returns>
    public bool Lost(string fault, bool isReached = false)
    {
        lock (_gate)
        {
            var wasUsable = _fault is null;
            (_fault, _since, _isReached) = (fault, time.GetTimestamp(), isReached);
            _failures++;
            return wasUsable;
        }
    }

    /// <summary>
    /// Tries to connect in the background once the wait since the last attempt is over; a reachable replica is simply
    /// used again.
    /// </summary>
    /// <param name="back">Called when it can be reached again.</param>
    public void ProbeIfDue(Action<Replica> back)
    {
        lock (_gate)
        {
            var wait = FirstWait * Math.Pow(2, Math.Min(_failures - 1, 10));
            if (_fault is null || _isProbing || time.GetElapsedTime(_since) < (wait < WaitMax ? wait : WaitMax))
                return;
            if (_isReached)
            {
                _fault = null;
                return;
            }

            _isProbing = true;
            Probing = Task.Run(() => ProbeAsync(back));
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        invoker.Dispose();
        tokens?.Dispose();
    }

    private async Task ProbeAsync(Action<Replica> back)
    {
        try
        {
            await probe(_end.Token);
            if (Reached())
                back(this);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            Lost(_fault ?? e.Message);
        }
        finally
        {
            lock (_gate)
                _isProbing = false;
        }
    }
}

/// <summary>
/// The replicas of one server. A request of a session goes to the replica that holds the session, which the gateway's
/// session id names. All other requests are distributed in turn.
/// </summary>
internal sealed class ReplicaSet(IReadOnlyList<Replica> all, Action<Replica> back)
{
    // This character cannot occur in a server's session id (MCP, Session Management: 0x21 to 0x7E), so ids are
    // unambiguous.
    private const char NameEnd = ' ';
    private int _turn;

    public IReadOnlyList<Replica> All => all;

    private bool IsSeveral => all.Count > 1;

    /// <summary>
    /// Returns the replicas for a request, in the order in which they are tried; null if its session was at a replica
    /// that is no longer registered.
    /// </summary>
    /// <param name="sessionId">The session id that <see cref="ToGateway"/> made; null outside of a session.</param>
    /// <param name="own">The server's own session id.</param>
    public IReadOnlyList<Replica>? For(string? sessionId, out string? own)
    {
        own = sessionId;
        for (var i = 0; IsSeveral && i < all.Count; i++)
        {
            if (!all[i].IsUsable)
                all[i].ProbeIfDue(back);
        }

        if (sessionId is null)
            return InTurn();
        if (NameIn(sessionId) is not { } name)
            // The session began while the first URL was the only one.
            return IsSeveral ? [all[0]] : all;
        if (all.FirstOrDefault(replica => replica.Name == name) is { } holder)
        {
            own = sessionId[(name.Length + 1)..];
            return [holder];
        }

        return IsSeveral ? null : all;
    }

    /// <summary>Returns the gateway's session id for a session of a replica.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="id">The id that the replica sent.</param>
    /// <param name="sessionId">The session id of the request, as the gateway knows it.</param>
    /// <param name="own">The session id of the request, as the server knows it.</param>
    public string ToGateway(Replica replica, string id, string? sessionId, string? own) =>
        sessionId is not null && id == own ? sessionId : IsSeveral ? $"{replica.Name}{NameEnd}{id}" : id;

    private static string? NameIn(string sessionId)
    {
        var end = sessionId.IndexOf(NameEnd, StringComparison.Ordinal);
        return end < 0 ? null : sessionId[..end];
    }

    private IReadOnlyList<Replica> InTurn()
    {
        if (!IsSeveral)
            return all;
        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)all.Count);
        var turn = Enumerable.Range(0, all.Count).Select(i => all[(first + i) % all.Count]).ToList();
        var usable = turn.FindAll(static replica => replica.IsUsable);
        return usable.Count > 0 ? usable : turn;
    }
}
