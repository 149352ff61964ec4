using System.Security.Cryptography;
using System.Text;
using Gateway.Mcp.Headers;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>A replica of a server, for operators.</summary>
/// <param name="Url">Its endpoint.</param>
/// <param name="Fault">Why it is not used at the moment; null where it is.</param>
public sealed record ReplicaStatus(Uri Url, string? Fault);

/// <summary>The state of a server at an address, for operators.</summary>
/// <param name="CredentialError">Why there is no access token; null where there is one, or none was needed.</param>
/// <param name="Replicas">The replicas; empty where there is only one.</param>
public sealed record HttpStatus(string? CredentialError, IReadOnlyList<ReplicaStatus> Replicas)
    : UpstreamStatus(CredentialError)
{
    /// <summary>Its HTTP+SSE sessions at this gateway; null where it is not known to speak that transport.</summary>
    public SseStatus? Sse { get; init; }
}

/// <summary>The HTTP+SSE sessions of a server at this gateway, for operators.</summary>
/// <param name="IsDetected">Whether the transport was detected, not configured.</param>
/// <param name="Sessions">Sessions that are open.</param>
/// <param name="SessionsMax">The most of them.</param>
public sealed record SseStatus(bool IsDetected, int Sessions, int SessionsMax);

/// <summary>
/// One endpoint of a server: its connections, its access token, and whether it can be reached. One that cannot is not
/// used until a connection to it opens again, which is tried in the background. One that is reached and answers that it
/// is out of order is not used for a while, and then by the next request: a connection would show nothing.
/// </summary>
internal sealed class Replica(
    Uri url, EgressInvoker invoker, AccessTokens? tokens, Func<CancellationToken, Task> probe, TimeProvider time)
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
    /// Its name in session ids: of its URL, so that it is the same at every frontend, whatever the order of the list.
    /// </summary>
    public string Name { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped))).AsSpan(0, 4));

    public AccessTokens? Tokens => tokens;

    public EgressInvoker Invoker => invoker;

    public ReplicaStatus Status => new(url, _fault);

    public bool IsUsable => _fault is null;

    /// <summary>Set while a background attempt to connect runs; for tests.</summary>
    internal Task Probing { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// Returns why the replica that gave an answer is not to be used; null where it is. 502 to 504 come from a proxy
    /// that does not reach the server, other pages with 5xx from no server that speaks MCP.
    /// </summary>
    public static string? FaultOf(UpstreamResponse answer) => answer.StatusCode is 502 or 503 or 504
        || (answer.StatusCode >= 500 && answer.MediaType != MediaTypes.Json)
        ? $"it answered with HTTP {answer.StatusCode}" : null;

    /// <summary>A connection to it was opened, and brought an answer of the server.</summary>
    /// <returns>Whether it has not been used because of a fault.</returns>
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

    /// <summary>It is not to be used.</summary>
    /// <param name="fault">The reason.</param>
    /// <param name="isReached">Whether a connection to it opens.</param>
    /// <returns>Whether it was usable before.</returns>
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
    /// Tries in the background to connect, where the wait since the last attempt is over; one that was reached is used
    /// again.
    /// </summary>
    /// <param name="back">Is called where it can be reached again.</param>
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
/// The replicas of one server. A request of a session goes to the replica that has the session; the gateway's session
/// id names it. Every other request goes to the replicas in turn.
/// </summary>
internal sealed class ReplicaSet(IReadOnlyList<Replica> all, Action<Replica> back)
{
    // No character of a server's session id (MCP, Session Management: 0x21 to 0x7E), so no id looks like another one.
    private const char NameEnd = ' ';
    private int _turn;

    public IReadOnlyList<Replica> All => all;

    private bool IsSeveral => all.Count > 1;

    /// <summary>
    /// Returns the replicas that a request may go to, in the order in which they are tried; null where its session was
    /// at a replica that is not registered any more.
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

    /// <summary>Returns the session id by which the gateway knows a session of a replica.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="id">The id that it sent.</param>
    /// <param name="sessionId">The session id of the request, as the gateway knows it.</param>
    /// <param name="own">The same as the server knows it.</param>
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
