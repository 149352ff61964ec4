using System.Collections.Concurrent;
using Gateway.Catalogue.Listing;
using Gateway.Catalogue.Pinning;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Upstreams.Pool;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// Asks each server what it offers: when it is registered or registered anew, when it says that its lists changed, when
/// an agent's list has something else than the inventory, and every so often. One frontend asks, all see the answer.
/// </summary>
public sealed partial class InventoryKeeper(
    InventoryStore inventories, ToolCatalogue catalogue, UpstreamPool upstreams, SnapshotUpdater control,
    PinnedTools pinned, CatalogueMetrics metrics, GatewayOptions options, TimeProvider time,
    ILogger<InventoryKeeper> logger) : BackgroundService
{
    private const int ObservedMax = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A server that says all the time that it changed is asked this often at most.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> _asking = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private long _followed = -1;

    /// <summary>
    /// What a server offers, as it was last seen; asked now where it never was, or that is wanted.
    /// </summary>
    /// <exception cref="CatalogueException">Nothing is known of it and it cannot be asked.</exception>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<Inventory> ReadAsync(ServerModel server, bool asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        var pointer = inventories.Pointer(server.Name);
        asked |= options.InventoryEvery == TimeSpan.Zero;
        if (asked || pointer?.SeenAt is null || pointer.Credential != InventoryStore.CredentialOf(server, pointer.Salt))
        {
            try
            {
                return await AskAsync(server, cancellationToken);
            }
            catch (CatalogueException) when (pointer?.SeenAt is not null)
            {
                // What was last seen is better than nothing, and says how old it is.
            }
        }

        pointer = inventories.Pointer(server.Name)!;
        var kept = await inventories.FindAsync(server.Name, cancellationToken)
            ?? throw new CatalogueException($"The inventory of {server.Name} is lost. Ask the server: --refresh.");
        return Shown(kept, pointer);
    }

    /// <summary>Asks a server what it offers, and keeps it.</summary>
    /// <exception cref="CatalogueException">It cannot be asked, which is kept too.</exception>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<Inventory> AskAsync(ServerModel server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        try
        {
            var now = await catalogue.ListAsync(server, upstreams.Get(server), cancellationToken);
            var at = time.GetUtcNow();
            KeptInventory? before = null;
            KeptInventory? after = null;
            var seen = inventories.Pointer(server.Name)?.SeenAt;
            await inventories.UpdateAsync(
                server.Name,
                kept => after = InventoryMerge.Whole(before = kept, now, seen, at),
                pointer => pointer with
                {
                    SeenAt = at,
                    FailedSince = null,
                    Why = null,
                    Credential = InventoryStore.CredentialOf(server, pointer.Salt),
                },
                cancellationToken);
            Tell(server.Name, before, after);
            return now with { SeenAt = at };
        }
        catch (CatalogueException e)
        {
            await inventories.UpdateAsync(
                server.Name,
                kept => inventories.Pointer(server.Name)?.FailedSince is null ? kept : null,
                pointer => pointer with { FailedSince = time.GetUtcNow(), Why = e.Message },
                CancellationToken.None);
            throw;
        }
    }

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
            foreach (var server in control.State.Objects.Servers.Values.Where(IsDue))
                _ = RefreshAsync(server, stoppingToken);
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
            KeptInventory? before = null;
            KeptInventory? after = null;
            // Before the first whole list there is nothing to compare with.
            if (tools.Count == 0 || inventories.Pointer(ofServer.Key)?.SeenAt is null)
                continue;
            await inventories.UpdateAsync(
                ofServer.Key,
                kept => after = tools.Aggregate(
                    before = kept, (one, tool) => InventoryMerge.One(one, tool, time.GetUtcNow())),
                static pointer => pointer,
                cancellationToken);
            Tell(ofServer.Key, before, after);
        }
    }

    private bool IsDue(ServerModel server)
    {
        var now = time.GetUtcNow();
        if (options.InventoryEvery == TimeSpan.Zero || _asking.ContainsKey(server.Name)
            || control.State.Pauses.OfServer(server.Name) is not null || control.State.Pauses.Gateway is not null
            || _notBefore.GetValueOrDefault(server.Name) > now)
        {
            return false;
        }

        return _changed.Remove(server.Name)
            || inventories.Pointer(server.Name) is not { SeenAt: { } seenAt } pointer
            || pointer.Credential != InventoryStore.CredentialOf(server, pointer.Salt)
            || now - seenAt >= options.InventoryEvery * (1 + Jitter(server.Name));
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
            await AskAsync(server, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next start asks.
        }
        catch (Exception e)
        {
            // Whatever it is, the server is asked again later.
            wait = options.InventoryEvery < TimeSpan.FromMinutes(1) ? options.InventoryEvery : TimeSpan.FromMinutes(1);
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
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the next look tries again; meanwhile what is in memory stands.
            LogUnasked("the store", e.Message);
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    private static Inventory Shown(KeptInventory kept, InventoryPointer pointer)
    {
        var items = (kept.Items ?? []).Where(static item => item.LastSeen is null)
            .Select(static item => new ListedItem(item.Kind, item.Name, item.Definition ?? "{}")).ToList();
        return new Inventory(
            [.. items.Where(static item => item.Kind == InventoryKind.Tool).Select(ToolFacts.Of)], kept.Note)
        {
            Items = items,
            Instructions = kept.Instructions,
            SeenAt = pointer.SeenAt,
            Stale = pointer.FailedSince is not null ? pointer.Why : null,
        };
    }

    private void Tell(string server, KeptInventory? before, KeptInventory? after)
    {
        if (before?.BaselineAt is null || after is null)
            return;
        var known = Drifts(before).ToHashSet();
        foreach (var (tool, drift) in Drifts(after).Where(one => !known.Contains(one)))
        {
            metrics.Seen(server, drift);
            LogDrift(server, tool, InventoryNames.Of(drift));
        }
    }

    private static IEnumerable<(string Tool, Drift Drift)> Drifts(KeptInventory kept) =>
        from item in kept.Items ?? []
        where item.Kind == InventoryKind.Tool && item.LastSeen is null && item.Verdict.Drift != Drift.None
        select (item.Name, item.Verdict.Drift);

    [LoggerMessage(1, LogLevel.Information, "What {Server} offers could not be read, and is tried again: {Why}")]
    private partial void LogUnasked(string server, string why);

    [LoggerMessage(2, LogLevel.Warning,
        "The tool {Tool} of {Server} is not what was accepted of it: {Drift}. See: gateway tools drift")]
    private partial void LogDrift(string server, string tool, string drift);
}
