using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Catalogue.Listing;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;
using Gateway.Proxy.Upstreams.Pool;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// The reader of a server's inventory: the stored one, or a new one from the server, which is then stored.
/// </summary>
public sealed class InventoryReader(
    InventoryStore inventories, ToolCatalogue catalogue, UpstreamPool upstreams, PinnedTools pinned,
    DriftReport report, InventoryOptions options, TimeProvider time)
{
    // The parsed form is cached for as long as the store holds the inventory.
    private static readonly ConditionalWeakTable<KeptInventory, Inventory> Read = [];

    /// <summary>
    /// Returns a server's last known inventory; requests it if there is none or <paramref name="asked"/> is set.
    /// </summary>
    /// <exception cref="CatalogueException">No inventory is known, and the server does not list it.</exception>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<Inventory> ReadAsync(ServerModel server, bool asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        var pointer = inventories.Pointer(server.Name);
        asked |= options.Every == TimeSpan.Zero;
        if (asked || pointer?.SeenAt is null || pointer.Credential != InventoryStore.CredentialOf(server, pointer.Salt))
        {
            try
            {
                return await AskAsync(server, cancellationToken);
            }
            catch (CatalogueException) when (pointer?.SeenAt is not null)
            {
                // The last known inventory is better than nothing, and contains its age.
            }
        }

        pointer = inventories.Pointer(server.Name)!;
        var kept = await inventories.FindAsync(server.Name, cancellationToken)
            ?? throw new CatalogueException($"The stored inventory of {server.Name} is lost. Get the inventory again "
                + $"with gateway tools list --server {server.Name} --refresh.");
        return Shown(kept, pointer);
    }

    /// <summary>Requests a server's inventory and stores it.</summary>
    /// <exception cref="CatalogueException">The server does not list it, which is stored too.</exception>
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
                kept => after = InventoryMerge.Whole(before = kept, now, seen, at, Scan(kept, now.Items, at)),
                pointer => pointer with
                {
                    SeenAt = at,
                    FailedSince = null,
                    Why = null,
                    Credential = InventoryStore.CredentialOf(server, pointer.Salt),
                },
                cancellationToken);
            report.RaiseChanges(before, after);
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

    /// <summary>Records definitions from lists for agents.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    internal async Task TakeAsync(
        string server, IReadOnlyList<SeenDefinition> tools, CancellationToken cancellationToken)
    {
        KeptInventory? before = null;
        KeptInventory? after = null;
        await inventories.UpdateAsync(
            server,
            kept => after = tools.Aggregate(
                before = kept,
                (one, tool) => InventoryMerge.One(one, tool, time.GetUtcNow(), Scan(one, [], time.GetUtcNow()))),
            static pointer => pointer,
            cancellationToken);
        report.RaiseChanges(before, after);
    }

    private Func<ListedItem, ToolDefinition?, IReadOnlyList<Finding>> Scan(
        KeptInventory kept, IReadOnlyList<ListedItem> now, DateTimeOffset at)
    {
        var tools = (kept.Items ?? []).Where(static item => item.Kind == InventoryKind.Tool).ToList();
        var own = now.Count == 0
            ? tools.Select(static tool => tool.Hashes)
            : now.Where(static item => item.Kind == InventoryKind.Tool).Select(static item => item.Hashes);
        return Neighbours.Of(
            kept.Server, pinned, [.. own.OfType<ToolDefinition>().DistinctBy(static tool => tool.Name)],
            tools.Count == 0 ? at : tools.Min(static tool => tool.FirstSeen));
    }

    private static Inventory Shown(KeptInventory kept, InventoryPointer pointer) =>
        Read.GetValue(kept, static one => Of(one)) with
        {
            SeenAt = pointer.SeenAt,
            Stale = pointer.FailedSince is not null ? pointer.Why : null,
        };

    private static Inventory Of(KeptInventory kept)
    {
        var items = (kept.Items ?? []).Where(static item => item.LastSeen is null)
            .Select(static item => new ListedItem(item.Kind, item.Name, item.Definition ?? "{}")).ToList();
        return new Inventory(
            [.. items.Where(static item => item.Kind == InventoryKind.Tool).Select(ToolFacts.Of)], kept.Note)
        {
            Items = items,
            Instructions = kept.Instructions,
        };
    }
}

/// <summary>Options for the inventories of servers.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record InventoryOptions
{
    /// <summary>The interval for <c>gateway run</c> and the processes of a fleet, unless an operator sets it.</summary>
    public static readonly TimeSpan EveryOfRun = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The interval between lists of a server, plus up to a fifth; with zero, it is only listed when an operator
    /// requests it. Zero unless it is set: <c>gateway demo</c>, <c>gateway stdio</c> and a gateway inside another
    /// program send servers no requests but those of clients.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Every { get; init; }
}

/// <summary>
/// The pointer to the current inventory of a server: a small document that every frontend sees at once. The inventory
/// itself is in the archive.
/// </summary>
/// <param name="Number">Its number in the server's archive topic; 0 if there is none yet.</param>
/// <param name="Salt">The salt that keeps <paramref name="Credential"/> from revealing the credential.</param>
/// <param name="Credential">A hash of the server's address and of everything sent with requests to it.</param>
public sealed record InventoryPointer(long Number, string Salt, string Credential)
{
    /// <summary>The time at which the server last listed its inventory; null if it never did.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>The time since which requests have failed; null if they succeed.</summary>
    public DateTimeOffset? FailedSince { get; init; }

    /// <summary>The reason for the failure.</summary>
    public string? Why { get; init; }
}
