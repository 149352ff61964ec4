using System.Collections.Concurrent;
using Gateway.Catalogue.Listing;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Pinning;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// Asks each server what it offers: when it is registered or registered anew, when it says that its lists changed, when
/// an agent's list has something else than the inventory, and every so often. One frontend asks, all see the answer.
/// </summary>
public sealed partial class InventoryKeeper(
    InventoryReader reader, InventoryStore inventories, SnapshotUpdater control, PinnedTools pinned,
    InventoryOptions options, TimeProvider time, ILogger<InventoryKeeper> logger) : BackgroundService
{
    private const int ObservedMax = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A server that says all the time that it changed is asked this often at most.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    /// <summary>One place is left to operators, who wait for the reply.</summary>
    private static int AskingMax => Math.Max(1, ToolCatalogue.AtOnceMax - 1);

    private readonly ConcurrentDictionary<string, bool> _asking = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private long _followed = -1;
    private bool _isLost;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first call: until something is known, all is refused that "pin" is to deny.
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(Patience);
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
            var tools = ofServer.Where(static one => one.Tool.Length > 0).ToList();
            // Before the first whole list there is nothing to compare with.
            if (tools.Count == 0 || inventories.Pointer(ofServer.Key)?.SeenAt is null)
                continue;
            await reader.TakeAsync(ofServer.Key, tools, cancellationToken);
        }
    }

    private bool IsDue(ServerModel server)
    {
        var now = time.GetUtcNow();
        if (options.Every == TimeSpan.Zero || _asking.ContainsKey(server.Name)
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

    // Frontends that started together do not ask together: the first to do so spares it the others.
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
            // The next start asks.
        }
        catch (Exception e)
        {
            // Whatever it is, the server is asked again later.
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
            // Whatever it is, the next look tries again; meanwhile what is in memory stands.
            if (!_isLost)
                LogUnfollowed(e.Message);
            _isLost = true;
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "What {Server} offers could not be read, and is tried again: {Why}")]
    private partial void LogUnasked(string server, string why);

    [LoggerMessage(2, LogLevel.Information,
        "Inventories could not be followed, and it is tried again; what is in memory stands: {Why}")]
    private partial void LogUnfollowed(string why);
}
