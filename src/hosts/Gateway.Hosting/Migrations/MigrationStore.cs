using Gateway.Control.Documents;
using Gateway.Control.Storage;
using Gateway.Storage.Postgres.Documents;

namespace Gateway.Hosting.Migrations;

/// <summary>The content of a store.</summary>
/// <param name="Documents">The control documents, with their revision.</param>
/// <param name="Archive">History, policy versions, usage and inventories.</param>
/// <param name="Counters">The counters.</param>
internal sealed record StoreContent(
    ControlSnapshot Documents, IAsyncEnumerable<ArchivedEntry> Archive, StoredCounters Counters)
{
    /// <summary>No content.</summary>
    public static StoreContent Empty { get; } = new(
        new ControlSnapshot(0, []), AsyncEnumerable.Empty<ArchivedEntry>(), new StoredCounters([], 0, long.MinValue));
}

/// <summary>A store that a migration reads or fills.</summary>
internal abstract class MigrationStore : IAsyncDisposable
{
    /// <summary>The store's address, without a password.</summary>
    public abstract string Place { get; }

    /// <summary>Opens a data directory or a database.</summary>
    /// <param name="address">A path, or a URL that begins with <c>postgres</c>.</param>
    /// <param name="isTarget">True to create missing parts, unless nothing may be changed.</param>
    /// <param name="changes">True if anything may be changed.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<MigrationStore> OpenAsync(
        string address, bool isTarget, bool changes, CancellationToken cancellation) =>
        IsDatabase(address)
            ? new DatabaseStore(await PostgresCopy.OpenAsync(
                address, makesTables: isTarget && changes, cancellation, mayBeEmpty: isTarget && !changes))
            : new FolderStore(address, isTarget && changes);

    /// <summary>Returns true if an address is that of a database.</summary>
    public static bool IsDatabase(string address) => address.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);

    public abstract Task<MigrationMark?> ReadMarkAsync(CancellationToken cancellation);

    /// <summary>Writes the mark durably; null removes it.</summary>
    public abstract Task WriteMarkAsync(MigrationMark? mark, CancellationToken cancellation);

    /// <summary>Returns the gateways that use it; null if none does. A directory is locked from then on.</summary>
    public abstract Task<string?> UsersAsync(CancellationToken cancellation);

    /// <summary>Returns true if nothing was ever written there.</summary>
    public abstract Task<bool> IsEmptyAsync(CancellationToken cancellation);

    /// <summary>Moves the rest of content that has moved away aside, or discards it.</summary>
    /// <returns>The place where it is kept; null if it is not.</returns>
    public abstract string? MoveAside(DateTimeOffset now);

    /// <summary>Reads the content; without counters if a gateway may be counting.</summary>
    public abstract Task<StoreContent> ReadAsync(
        DateTimeOffset now, bool hasCounters, CancellationToken cancellation);

    /// <summary>Replaces everything in the store with this content and this mark.</summary>
    public abstract Task FillAsync(
        StoreContent content, MigrationMark mark, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Keeps gateways from starting on content that has arrived; false if one has started.</summary>
    public abstract Task<bool> TryReclaimAsync(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A PostgreSQL database.</summary>
internal sealed class DatabaseStore(PostgresCopy database) : MigrationStore
{
    public override string Place => database.Place;

    public override Task<MigrationMark?> ReadMarkAsync(CancellationToken cancellation) =>
        database.ReadMarkAsync(cancellation);

    public override Task WriteMarkAsync(MigrationMark? mark, CancellationToken cancellation) =>
        database.WriteMarkAsync(mark, cancellation);

    public override async Task<string?> UsersAsync(CancellationToken cancellation) =>
        await database.UsersAsync(cancellation) is { Count: > 0 } users
            ? $"gateways at {string.Join(", ", users)}" : null;

    public override Task<bool> IsEmptyAsync(CancellationToken cancellation) => database.IsEmptyAsync(cancellation);

    public override string? MoveAside(DateTimeOffset now) => null;

    public override async Task<StoreContent> ReadAsync(
        DateTimeOffset now, bool hasCounters, CancellationToken cancellation)
    {
        var documents = await database.ReadDocumentsAsync(cancellation);
        var counters = await database.ReadCountersAsync(now.ToUnixTimeMilliseconds(), cancellation);
        return new StoreContent(documents, database.ReadArchiveAsync(cancellation), counters);
    }

    public override Task FillAsync(
        StoreContent content, MigrationMark mark, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReplaceAsync(
            content.Documents, content.Archive.ToBlockingEnumerable(cancellation), content.Counters, mark,
            cancellation);

    public override Task<bool> TryReclaimAsync(CancellationToken cancellation) =>
        database.TryReclaimAsync(cancellation);

    public override ValueTask DisposeAsync() => database.DisposeAsync();
}
