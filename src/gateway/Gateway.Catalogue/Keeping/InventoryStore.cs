using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Catalogue.Listing;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Policy.Decisions;
using Gateway.Policy.Variants;
using Gateway.Proxy.Pinning;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// The inventories, shared by all frontends: each is an entry of the archive, and a small document names the current
/// one. A change writes a new entry, and then the document if it is still the one that was read.
/// </summary>
public sealed class InventoryStore(IControlStore store, SnapshotUpdater control, PinnedTools pinned) : IDisposable
{
    private const int EntriesMax = 16;
    private const int TriesMax = 8;
    // Entries are immutable, and recently used ones are usually used again. Each may have several megabytes.
    private const int KnownMax = 16;
    private readonly ConcurrentDictionary<string, (long Number, KeptInventory Kept)> _known =
        new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _following = new(1);

    /// <summary>Returns the key of a server's document.</summary>
    public static ControlKey KeyOf(string server) => new(ControlKinds.Inventories, server);

    /// <summary>Returns the current document as known here; null before the server's first list.</summary>
    public InventoryPointer? Pointer(string server) =>
        control.State.Documents.Find(KeyOf(server)) is { } document ? Parse(document) : null;

    /// <summary>Returns a server's stored inventory, or null if there is none.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<KeptInventory?> FindAsync(string server, CancellationToken cancellationToken) =>
        Pointer(server) is { } pointer ? await ReadAsync(server, pointer.Number, cancellationToken) : null;

    /// <summary>Stores a new entry with a change, and returns the document that would make it current.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="change">Returns the changed inventory; null if nothing changes.</param>
    /// <param name="point">Changes the document.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The version that it replaces, and its content; null if nothing changes.</returns>
    /// <exception cref="ControlStoreException">
    /// The store cannot be reached, or the entry that the document names is lost.
    /// </exception>
    public async Task<(long Version, byte[] Content)?> PrepareAsync(
        string server, Func<KeptInventory, KeptInventory?> change, Func<InventoryPointer, InventoryPointer> point,
        CancellationToken cancellationToken)
    {
        var document = control.State.Documents.Find(KeyOf(server));
        var pointer = (document is null ? null : Parse(document)) ?? new InventoryPointer(
            0, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), "");
        // If the accepted inventory is lost, the next list must not be accepted automatically; a person must accept it
        // again.
        var old = await ReadAsync(server, pointer.Number, cancellationToken)
            ?? new KeptInventory(server) { BaselineAt = document is null ? null : DateTimeOffset.UnixEpoch };
        if (change(old) is not { } changed)
            return null;
        var content = Bounded(changed);
        if (pointer.Number == 0 || !content.AsSpan().SequenceEqual(Write(old)))
            pointer = pointer with { Number = await KeepAsync(server, content, cancellationToken) };
        return (document?.Version ?? 0, JsonSerializer.SerializeToUtf8Bytes(
            point(pointer), InventoryJson.Default.InventoryPointer));
    }

    /// <summary>
    /// Changes a server's inventory; of two concurrent changes, the later one is applied to the result of the earlier
    /// one.
    /// </summary>
    /// <inheritdoc cref="PrepareAsync"/>
    public async Task UpdateAsync(
        string server, Func<KeptInventory, KeptInventory?> change, Func<InventoryPointer, InventoryPointer> point,
        CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await PrepareAsync(server, change, point, cancellationToken) is not { } next)
                return;
            var write = await store.WriteAsync(KeyOf(server), next.Version, next.Content, cancellationToken);
            await control.RefreshAsync(cancellationToken);
            if (!write.IsWritten)
                continue;
            await FollowAsync(cancellationToken);
            return;
        }
    }

    /// <summary>Reads the changes of other frontends.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public Task RefreshAsync(CancellationToken cancellationToken) => control.RefreshAsync(cancellationToken);

    /// <summary>Loads the inventories that the documents name into memory, for calls.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await _following.WaitAsync(cancellationToken);
        try
        {
            var state = control.State;
            var changed = new Dictionary<string, PinnedServer>(StringComparer.Ordinal);
            foreach (var document in state.Documents.OfKind(ControlKinds.Inventories))
            {
                var server = document.Key.Name;
                if (!state.Objects.Servers.ContainsKey(server) || Parse(document) is not { } pointer
                    || pointer.Number == pinned.VersionOf(server))
                {
                    continue;
                }

                if (await ReadAsync(server, pointer.Number, cancellationToken) is { } kept)
                    changed[server] = Pin(pointer.Number, kept);
            }

            pinned.Replace(changed, state.Objects.Servers.Keys.ToHashSet(StringComparer.Ordinal));
        }
        finally
        {
            _following.Release();
        }
    }

    /// <summary>Returns a hash of a server's address and of everything sent with requests to it.</summary>
    public static string CredentialOf(ServerModel server, string salt)
    {
        ArgumentNullException.ThrowIfNull(server);
        List<string> parts = [salt, server.Address, server.OAuth?.ClientId ?? "", server.OAuth?.Scope ?? ""];
        parts.AddRange(server.Command?.Arguments ?? []);
        foreach (var (name, value) in server.Headers.Concat(server.Command?.Environment ?? []))
            parts.AddRange([name, value]);
        return ToolDefinition.HashOf(string.Concat(parts.Select(static part => $"{part.Length}:{part}")));
    }

    /// <inheritdoc/>
    public void Dispose() => _following.Dispose();

    private async Task<long> KeepAsync(string server, byte[] content, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var numbers = await store.Archive.NumbersAsync(Topic(server), cancellationToken);
            var number = numbers.IsEmpty ? 1 : numbers[0] + 1;
            await store.Archive.KeepAsync(Topic(server), number, content, EntriesMax, cancellationToken);
            // If another frontend wrote an entry of that number first, it stays, and this one needs another number.
            var kept = await store.Archive.ReadAsync(Topic(server), [number], cancellationToken);
            if (kept.TryGetValue(number, out var found) && found.AsSpan().SequenceEqual(content))
                return number;
        }

        throw new ControlStoreException($"The inventory of {server} could not be stored, because other gateways keep "
            + "changing it. Try again.");
    }

    private async Task<KeptInventory?> ReadAsync(string server, long number, CancellationToken cancellationToken)
    {
        if (number == 0)
            return null;
        if (_known.TryGetValue(server, out var known) && known.Number == number)
            return known.Kept;
        var found = await store.Archive.ReadAsync(Topic(server), [number], cancellationToken);
        if (!found.TryGetValue(number, out var content))
            return null;
        try
        {
            var kept = JsonSerializer.Deserialize(content, InventoryJson.Default.KeptInventory);
            if (_known.Count >= KnownMax)
                _known.Clear();
            if (kept is not null)
                _known[server] = (number, kept);
            return kept;
        }
        catch (JsonException)
        {
            // Then no tool is accepted.
            return null;
        }
    }

    private static PinnedServer Pin(long number, KeptInventory kept)
    {
        var tools = (kept.Items ?? []).Where(static item => item.Kind == InventoryKind.Tool).ToList();
        return new PinnedServer(
            number,
            tools.ToFrozenDictionary(static tool => tool.Name, static tool => tool.Evaluation.Standing),
            tools.Where(static tool => tool.Accepted is not null)
                .ToFrozenDictionary(static tool => tool.Name, static tool => tool.Accepted!),
            tools.Where(static tool => tool.Hashes is not null)
                .ToFrozenDictionary(static tool => tool.Name, static tool => tool.Hashes!),
            Listed(kept, InventoryKind.Tool),
            Listed(kept, InventoryKind.Prompt),
            tools.Count == 0 ? DateTimeOffset.MaxValue : tools.Min(static tool => tool.FirstSeen))
        {
            Apps = AppsOf(tools),
            Suspicious = tools.Where(static tool => tool.Evaluation.IsSuspicious)
                .Select(static tool => tool.Name).ToFrozenSet(StringComparer.Ordinal),
            DriftedItems = kept.DriftedItems.Count(static item => item.Evaluation.Standing != ToolStanding.Accepted),
        };
    }

    /// <summary>Returns the accepted apps; of several tools with one app, the latest acceptance applies.</summary>
    private static FrozenDictionary<string, AcceptedApp> AppsOf(IEnumerable<KeptItem> tools) => tools
        .Where(static tool => tool.Accepted?.App is { Sha256: not null })
        .GroupBy(static tool => tool.Accepted!.App!.Uri, StringComparer.Ordinal)
        .Select(static group => group.MaxBy(static tool => tool.Accepted!.At)!)
        .ToFrozenDictionary(static tool => tool.Accepted!.App!.Uri, static tool => new AcceptedApp(
            tool.Accepted!.App!.Sha256!, tool.Accepted.App.Bounds, tool.Accepted.App.IsSameAs(tool.App)),
            StringComparer.Ordinal);

    private static ListedNames Listed(KeptInventory kept, InventoryKind kind) => new(
        (kept.Items ?? []).Where(item => item.Kind == kind && item.LastSeen is null).Select(static item => item.Name));

    private static InventoryPointer? Parse(ControlDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, InventoryJson.Default.InventoryPointer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Serializes an inventory within the archive's maximum size: replaced versions are dropped first, then the
    /// definitions of prompts and resources, then all definitions and everything except tools.
    /// </summary>
    private static byte[] Bounded(KeptInventory kept)
    {
        var content = Write(kept);
        if (content.Length > ControlDocument.BytesMax)
        {
            kept = kept with { Items = [.. kept.Items!.Select(static item => item.WithoutReplaced())] };
            content = Write(kept);
        }

        if (content.Length > ControlDocument.BytesMax)
        {
            // Their hashes stay, or the next list would be accepted.
            kept = kept with
            {
                Items = [.. kept.Items!.Select(static item => item.Kind == InventoryKind.Tool ? item
                    : item with { Definition = null, Accepted = item.Accepted?.WithoutText() })],
            };
            content = Write(kept);
        }

        if (content.Length > ControlDocument.BytesMax)
        {
            content = Write(kept with
            {
                Note = "The inventory is too large to store: definitions are omitted.",
                Items = [.. kept.Items!.Where(static item => item.Kind == InventoryKind.Tool).Select(static item =>
                    item with { Definition = null, Accepted = item.Accepted?.WithoutText() })],
            });
        }

        return content.Length <= ControlDocument.BytesMax
            ? content
            : throw new CatalogueException($"The inventory of {kept.Server} is too large, even without definitions.");
    }

    private static byte[] Write(KeptInventory kept) =>
        JsonSerializer.SerializeToUtf8Bytes(kept, InventoryJson.Short.KeptInventory);

    private static string Topic(string server) => $"inventory/{server}";
}
