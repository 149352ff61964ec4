using System.Collections.Immutable;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Delegation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Connections;

/// <summary>
/// A background service that removes the connections of servers and grants that left the configuration file. They stay
/// for a while, because a file may be wrong for a moment, and the files of a fleet differ during an update.
/// </summary>
internal sealed partial class OrphanedConnections(
    ConnectionStore store, CallerConnections connections, SnapshotUpdater control, TimeProvider time,
    ILogger<OrphanedConnections> logger) : BackgroundService
{
    /// <summary>The time after which a connection without its server, grant or issuer is removed.</summary>
    public static readonly TimeSpan RemovedAfter = TimeSpan.FromHours(1);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, ServerModel> _servers =
        ImmutableSortedDictionary.Create<string, ServerModel>(StringComparer.Ordinal);

    /// <summary>
    /// Returns the reason why a connection cannot be used; null if its server, its grant and its issuer exist.
    /// </summary>
    public static string? WhyOrphaned(CallerConnection connection, ControlState state) =>
        !state.Objects.Servers.ContainsKey(connection.Server)
            ? "its server is not configured; the connection is removed if that does not change within an hour"
        : !state.Objects.Grants.ContainsKey(connection.Grant)
            ? "its grant is not configured; the connection is removed if that does not change within an hour"
        : connection.Issuer is { } issuer && state.Config.Callers.Find(issuer) is null
            && state.Config.OAuth?.Issuer != issuer
            ? "its issuer is not configured; the connection is removed if that does not change within an hour"
        : null;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        time.RepeatAsync(Every, RemoveAsync, stoppingToken);

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var state = control.State;
        // Tokens of a server that is gone are revoked with its last settings.
        _servers = _servers.SetItems(state.Objects.Servers);
        // Something that cannot be read may be what is missing.
        if (!state.IsAllRead)
            return;
        try
        {
            List<StoredConnection> orphans = [.. (await store.AllAsync(cancellationToken)).Where(
                one => WhyOrphaned(one.Connection, state) is not null)];
            foreach (var name in _since.Keys.Except(orphans.Select(static one => one.Name)).ToList())
                _since.Remove(name);
            var old = orphans.Where(one => time.GetElapsedTime(
                _since.TryGetValue(one.Name, out var at) ? at : _since[one.Name] = time.GetTimestamp())
                >= RemovedAfter).Select(static one => one.Name).ToHashSet();
            if (old.Count == 0)
                return;
            await connections.RemoveAsync(one => old.Contains(one.Name), _servers);
            foreach (var one in orphans.Where(one => old.Contains(one.Name)))
                LogRemoved(one.Name, one.Connection.Grant, one.Connection.Server);
        }
        catch (ControlStoreException e)
        {
            // The store's own condition is raised; the next round removes them.
            LogPostponed(e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information,
        "The connection {Name} of the grant {Grant} to the server {Server} is removed: the grant, the server or the "
            + "caller's issuer is not configured")]
    private partial void LogRemoved(string name, string grant, string server);

    [LoggerMessage(2, LogLevel.Debug,
        "Connections without a server or a grant cannot be removed now: {Problem}")]
    private partial void LogPostponed(string problem);
}
