using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Catalogue.Listing;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Policy.Variants;
using Gateway.Proxy.Pinning;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// Inventories as all frontends share them: each is an entry of the archive, and a small document names the one in
/// force. Whoever changes one writes a new entry, then the document if it is still the one that was read.
/// </summary>
public sealed class InventoryStore(IControlStore store, SnapshotUpdater control, PinnedTools pinned) : IDisposable
{
    private const int EntriesMax = 16;
    private const int TriesMax = 8;
    // Entries never change, and what is looked at is mostly looked at again. Each may have some megabytes.
    private const int KnownMax = 16;
    private readonly ConcurrentDictionary<string, (long Number, KeptInventory Kept)> _known =
        new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _following = new(1);

    /// <summary>Where the document of a server is.</summary>
    public static ControlKey KeyOf(string server) => new(ControlKinds.Inventories, server);

    /// <summary>The document as it is in force here; null before a server was asked.</summary>
    public InventoryPointer? Pointer(string server) =>
        control.State.Documents.Find(KeyOf(server)) is { } document ? Parse(document) : null;

    /// <summary>What is kept of a server; null where nothing is.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<KeptInventory?> FindAsync(string server, CancellationToken cancellationToken) =>
        Pointer(server) is { } pointer ? await ReadAsync(server, pointer.Number, cancellationToken) : null;

    /// <summary>A new entry with what is changed, and the document that would put it in force.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="change">Makes of what is kept what is to be kept; null: nothing is to be done.</param>
    /// <param name="point">Changes the document beside it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The version that it replaces, and its content; null where nothing is to be done.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached, or what it names is lost.</exception>
    public async Task<(long Version, byte[] Content)?> PrepareAsync(
        string server, Func<KeptInventory, KeptInventory?> change, Func<InventoryPointer, InventoryPointer> point,
        CancellationToken cancellationToken)
    {
        var document = control.State.Documents.Find(KeyOf(server));
        var pointer = (document is null ? null : Parse(document)) ?? new InventoryPointer(
            0, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), "");
        // What was accepted and is lost is no reason to accept the next list: a person says so again.
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

    /// <summary>Changes what is kept of a server; of two at once each is made on what the other left.</summary>
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

    /// <summary>Reads what others wrote.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public Task RefreshAsync(CancellationToken cancellationToken) => control.RefreshAsync(cancellationToken);

    /// <summary>Puts what the documents name into memory, for calls.</summary>
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

    /// <summary>A hash of a server's address and of all that it is asked with.</summary>
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
            var entries = await store.Archive.ListAsync(Shelf(server), cancellationToken);
            var number = entries.IsEmpty ? 1 : entries[0].Number + 1;
            await store.Archive.KeepAsync(Shelf(server), number, content, EntriesMax, cancellationToken);
            // Another frontend's entry of that number stays; then this one needs another.
            var kept = await store.Archive.ReadAsync(Shelf(server), [number], cancellationToken);
            if (kept.TryGetValue(number, out var found) && found.AsSpan().SequenceEqual(content))
                return number;
        }

        throw new ControlStoreException($"The inventory of {server} could not be kept: others write it all the time.");
    }

    private async Task<KeptInventory?> ReadAsync(string server, long number, CancellationToken cancellationToken)
    {
        if (number == 0)
            return null;
        if (_known.TryGetValue(server, out var known) && known.Number == number)
            return known.Kept;
        var found = await store.Archive.ReadAsync(Shelf(server), [number], cancellationToken);
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
            // Nothing is accepted then.
            return null;
        }
    }

    private static PinnedServer Pin(long number, KeptInventory kept)
    {
        var tools = (kept.Items ?? []).Where(static item => item.Kind == InventoryKind.Tool).ToList();
        return new PinnedServer(
            number,
            tools.ToFrozenDictionary(static tool => tool.Name, static tool => tool.Judgement.Standing),
            tools.Where(static tool => tool.Accepted is not null)
                .ToFrozenDictionary(static tool => tool.Name, static tool => tool.Accepted!),
            tools.Where(static tool => tool.Hashes is not null)
                .ToFrozenDictionary(static tool => tool.Name, static tool => tool.Hashes!),
            Listed(kept, InventoryKind.Tool),
            Listed(kept, InventoryKind.Prompt),
            tools.Count == 0 ? DateTimeOffset.MaxValue : tools.Min(static tool => tool.FirstSeen));
    }

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

    /// <summary>No entry is larger than the archive takes: texts go first, then all but tools.</summary>
    private static byte[] Bounded(KeptInventory kept)
    {
        var content = Write(kept);
        if (content.Length > ControlDocument.BytesMax)
        {
            content = Write(kept with
            {
                Note = "What it offers is too much to keep: definitions are left out.",
                Items = [.. kept.Items!.Where(static item => item.Kind == InventoryKind.Tool).Select(static item =>
                    item with { Definition = null, Accepted = item.Accepted?.WithoutText() })],
            });
        }

        return content.Length <= ControlDocument.BytesMax
            ? content
            : throw new CatalogueException($"What {kept.Server} offers is too much to keep, even without definitions.");
    }

    private static byte[] Write(KeptInventory kept) =>
        JsonSerializer.SerializeToUtf8Bytes(kept, InventoryJson.Short.KeptInventory);

    private static string Shelf(string server) => $"inventory/{server}";
}
