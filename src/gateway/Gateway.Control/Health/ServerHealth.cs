using System.Collections.Concurrent;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Health;

/// <summary>
/// The health of each server as the calls of this process find it; no request is sent only for this. A change writes
/// one line to the log, at most one for each server in <see cref="LogInterval"/>.
/// </summary>
public sealed partial class ServerHealth(
    ProcessClock clock, ILogger<ServerHealth> logger, OutboundConnector? connector = null)
{
    /// <summary>The minimum time between two lines about one server.</summary>
    public static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Server> _servers = new(StringComparer.Ordinal);

    /// <summary>Returns the server's state; null if no call has gone to its present address yet.</summary>
    public ServerStanding? Of(ServerModel server) =>
        _servers.TryGetValue(server.Name, out var known) && known.IsAt(PlaceOf(server)) ? known.Standing : null;

    /// <summary>
    /// Returns whether a server is reached directly or through a proxy, and which side resolves its name; null for a
    /// program.
    /// </summary>
    public string? RouteOf(ServerModel server)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.Url is null)
            return null;
        var ways = server.Replicas.Append(server.Url).Select(url =>
            (connector ?? OutboundConnector.Default).ProxyFor(url, server.Proxy) is { } proxy
                ? $"proxy {proxy.Shown}, {(proxy.Resolves ? "which resolves names" : "the gateway checks addresses")}"
                : "direct");
        return string.Join("; ", ways.Distinct());
    }

    /// <summary>Notes that the server responded.</summary>
    public void Answered(ServerModel server, ServerEvidence evidence = ServerEvidence.Head)
    {
        var known = _servers.GetOrAdd(server.Name, static _ => new Server());
        var place = PlaceOf(server);
        // The usual case, on every call, takes no lock.
        if (known is { Standing.Fault: null, IsReported: true } && known.IsAt(place))
            return;
        lock (known)
        {
            if (known.Standing is { Fault: not null } fault && fault.Evidence > evidence && known.IsAt(place))
                return;
            if (known.Standing is not { Fault: null } || !known.IsAt(place))
                known.Change(new ServerStanding(clock.NowMs(), null, place));
            LogChange(server.Name, known);
        }
    }

    /// <summary>Notes that the server did not respond, or that the gateway lacks a credential for it.</summary>
    public void Failed(
        ServerModel server, string fault, ServerEvidence evidence = ServerEvidence.Head, bool lacksCredential = false)
    {
        var known = _servers.GetOrAdd(server.Name, static _ => new Server());
        var place = PlaceOf(server);
        lock (known)
        {
            if (known.Standing?.Fault is null || !known.IsAt(place))
            {
                known.Change(new ServerStanding(clock.NowMs(), fault, place, evidence)
                {
                    LacksCredential = lacksCredential,
                });
            }
            else if (known.Standing.Fault != fault)
                known.Reword(fault, evidence, lacksCredential);
            LogChange(server.Name, known);
        }
    }

    private static object? PlaceOf(ServerModel server) => server.Replicas.Length > 1
        ? string.Join(' ', server.Replicas.Select(static url => url.ToString()))
        : server.Url ?? (object?)server.Command;

    /// <summary>Logs a change. One that comes too soon after the last line is logged with the next call.</summary>
    private void LogChange(string server, Server known)
    {
        var standing = known.Standing!;
        var nowMs = clock.NowMs();
        if (known.IsReported
            || (known.ReportedMs is { } reportedMs && nowMs - reportedMs < LogInterval.TotalMilliseconds))
            return;
        if (standing is { Fault: { } missing, LacksCredential: true })
            LogNoCredential(server, missing);
        else if (standing is { Fault: { } reply, Evidence: > ServerEvidence.Head })
            LogFailing(server, reply);
        else if (standing.Fault is { } fault)
            LogUnreachable(server, fault);
        else
            LogReachable(server);
        known.MarkReported(nowMs);
    }

    [LoggerMessage(1, LogLevel.Warning, "The server {Server} does not respond: {Fault}")]
    private partial void LogUnreachable(string server, string fault);

    [LoggerMessage(2, LogLevel.Information, "The server {Server} responds again")]
    private partial void LogReachable(string server);

    [LoggerMessage(3, LogLevel.Warning, "The gateway has no valid credential for the server {Server}: {Fault}")]
    private partial void LogNoCredential(string server, string fault);

    [LoggerMessage(4, LogLevel.Warning, "The server {Server} returns no usable response: {Fault}")]
    private partial void LogFailing(string server, string fault);

    /// <summary>The known state of one server; changed under its own lock.</summary>
    private sealed class Server
    {
        private volatile ServerStanding? _standing;

        // A server that responds from the first call on is not worth a line.
        private volatile bool _reportedReachable = true;

        public ServerStanding? Standing => _standing;

        public bool IsReported => _standing is { } now && _reportedReachable == now.Fault is null;

        public long? ReportedMs { get; private set; }

        public bool IsAt(object? place) => Equals(_standing?.Place, place);

        public void Change(ServerStanding standing) => _standing = standing;

        public void Reword(string fault, ServerEvidence evidence, bool lacksCredential) =>
            _standing = _standing! with { Fault = fault, Evidence = evidence, LacksCredential = lacksCredential };

        public void MarkReported(long nowMs) => (_reportedReachable, ReportedMs) = (_standing!.Fault is null, nowMs);
    }
}
