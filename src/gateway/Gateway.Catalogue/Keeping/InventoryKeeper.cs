using System.Collections.Concurrent;
using Gateway.Catalogue.Listing;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Pinning;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// A background service that lists each server's inventory: when the server is registered or registered again, when it
/// reports changed lists, when an agent's list differs from the inventory, and periodically. One frontend requests it,
/// and all see the result.
/// </summary>
public sealed partial class InventoryKeeper(
    InventoryReader reader, InventoryStore inventories, SnapshotUpdater control, PinnedTools pinned,
    InventoryOptions options, TimeProvider time, ILogger<InventoryKeeper> logger) : BackgroundService
{
    private const int ObservedMax = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The minimum interval between lists of a server that keeps reporting changes.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The number of concurrent requests; one place is reserved for operators, who wait for the result.
    /// </summary>
    private static int AskingMax => Math.Max(1, ToolCatalogue.AtOnceMax - 1);

    private readonly ConcurrentDictionary<string, bool> _asking = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private long _followed = -1;
    private bool _isLost;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Runs before the first call: until the inventories are known, "pin": "deny" refuses every tool.
        using var waiting = new LinkedTimeout(Patience, time, cancellationToken);
        await TryAsync(() => FollowAsync(waiting.Token), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryAsync(() => FollowAsync(stoppingToken), stoppingToken);
            await TryAsync(() => TakeSeenAsync(stoppingToken), stoppingToken);
            foreach (var server in control.State.Objects.Servers.Values.TakeWhile(_ => _asking.Count < AskingMax))
            {
                if (IsDue(server))
                    _ = RefreshAsync(server, stoppingToken);
            }

            await Task.Delay(Tick, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var revision = control.State.Documents.Revision;
        if (revision == _followed)
            return;
        await inventories.FollowAsync(cancellationToken);
        _followed = revision;
    }

    private async Task TakeSeenAsync(CancellationToken cancellationToken)
    {
        var seen = new List<SeenDefinition>();
        while (seen.Count < ObservedMax && pinned.Seen.TryRead(out var one))
            seen.Add(one);
        foreach (var ofServer in seen.GroupBy(static one => one.Server))
        {
            _changed.Add(ofServer.Key);
            // An inventory that came meanwhile is newer than the list; what it lacks too, the next list reports.
            var tools = ofServer.Where(one => one.Tool.Length > 0 && pinned.IsCurrent(one)).ToList();
            // Before the first complete list there is nothing to compare with, and the list of one caller is not that
            // of another.
            if (tools.Count == 0 || IsPerCaller(ofServer.Key) || inventories.Pointer(ofServer.Key)?.SeenAt is null)
                continue;
            await reader.TakeAsync(ofServer.Key, tools, cancellationToken);
        }
    }

    private bool IsPerCaller(string server) =>
        control.State.Objects.Servers.TryGetValue(server, out var model) && model.IsPerCaller;

    private bool IsDue(ServerModel server)
    {
        var now = time.GetUtcNow();
        // The gateway itself has no credential for a server at which each caller has its own.
        if (options.Every == TimeSpan.Zero || server.IsPerCaller || _asking.ContainsKey(server.Name)
            || control.State.Pauses.OfServer(server.Name) is not null || control.State.Pauses.Gateway is not null
            || _notBefore.GetValueOrDefault(server.Name) > now)
        {
            return false;
        }

        return _changed.Remove(server.Name)
            || inventories.Pointer(server.Name) is not { SeenAt: { } seenAt } pointer
            || pointer.Credential != InventoryStore.CredentialOf(server, pointer.Salt)
            || now - seenAt >= options.Every * (1 + Jitter(server.Name));
    }

    // Frontends that started together must not list a server together: the first one spares the others the request.
    private static double Jitter(string server) =>
        (uint)HashCode.Combine(server, Environment.ProcessId, Environment.MachineName) % 1000 / 5000.0;

    private async Task RefreshAsync(ServerModel server, CancellationToken cancellationToken)
    {
        if (!_asking.TryAdd(server.Name, true))
            return;
        var wait = Least;
        try
        {
            await reader.AskAsync(server, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next start lists the server.
        }
        catch (Exception e)
        {
            // After any error, the server is listed again later.
            wait = options.Every < TimeSpan.FromMinutes(1) ? options.Every : TimeSpan.FromMinutes(1);
            LogUnasked(server.Name, e.Message);
        }
        finally
        {
            _notBefore[server.Name] = time.GetUtcNow() + wait;
            _asking.TryRemove(server.Name, out _);
        }
    }

    private async Task TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
            _isLost = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // After any error, the next iteration tries again; until then, the state in memory stays in use.
            if (!_isLost)
                LogUnfollowed(e.Message);
            _isLost = true;
        }
        catch (OperationCanceledException)
        {
            // The process is shutting down.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The inventory of {Server} could not be read; the gateway tries again: "
        + "{Why}")]
    private partial void LogUnasked(string server, string why);

    [LoggerMessage(2, LogLevel.Information,
        "Inventories could not be refreshed; the gateway uses the inventories in memory and tries again: {Why}")]
    private partial void LogUnfollowed(string why);
}
