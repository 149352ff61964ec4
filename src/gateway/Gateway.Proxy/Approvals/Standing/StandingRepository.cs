using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;

namespace Gateway.Proxy.Approvals.Standing;

/// <summary>
/// The standing approvals in the control store. Each use is counted by a compare-and-swap before the call's first byte.
/// A call whose use may not have been stored is not let through, so that no more calls proceed than were approved.
/// </summary>
public sealed class StandingRepository(DocumentCache documents, IControlStore store, SecretProtector secrets)
    : IDisposable
{
    // One use at a time in this process, so that writes can only conflict with other frontends.
    private readonly SemaphoreSlim _using = new(1);

    /// <summary>Returns every readable standing approval, the oldest first.</summary>
    public static IReadOnlyList<StandingEntry> All(ControlSnapshot snapshot) =>
        [.. snapshot.OfKind(ControlKinds.StandingApprovals).Select(Entry).OfType<StandingEntry>()
            .OrderBy(static entry => entry.Standing.MadeMs)];

    /// <summary>Returns a standing approval by its id, or null if it is not stored.</summary>
    public static StandingEntry? Find(ControlSnapshot snapshot, string id) =>
        id.Length is > 0 and <= ControlKey.NameLengthMax && !id.Any(char.IsControl)
        && snapshot.Find(KeyOf(id)) is { } document
            ? Entry(document)
            : null;

    /// <summary>
    /// Returns the terms with their conditions decrypted, for display and evaluation; null if their key is lost.
    /// </summary>
    public StandingTerms? Opened(StandingTerms terms, ControlSnapshot snapshot)
    {
        if (terms.SealedWhere is not { } sealedWhere)
            return terms;
        return secrets.TryOpen(sealedWhere, snapshot, out var where) ? terms with { Where = where } : null;
    }

    /// <summary>Returns the terms as they are stored, with their conditions sealed.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public async ValueTask<StandingTerms> SealedAsync(StandingTerms terms, CancellationToken cancellationToken) =>
        terms.Where is not { } where || terms.SealedWhere is not null
            ? terms with { Where = null }
            : terms with { Where = null, SealedWhere = await secrets.SealAsync(where, cancellationToken) };

    /// <returns>The stored entry, or null if another change came first.</returns>
    /// <exception cref="ControlStoreException">
    /// The store cannot be reached; the entry may have been written.
    /// </exception>
    public async ValueTask<StandingEntry?> WriteAsync(
        long expectedVersion, StandingApproval standing, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(standing, StandingJson.Default.StandingApproval);
        var written = await store.WriteAsync(KeyOf(standing.Id), expectedVersion, content, cancellationToken);
        return written.IsWritten ? new StandingEntry(written.Version, standing) : null;
    }

    /// <summary>Deletes the entry; returns false if it has changed since it was read.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> DeleteAsync(StandingEntry entry, CancellationToken cancellationToken) =>
        (await store.DeleteAsync(KeyOf(entry.Standing.Id), entry.Version, cancellationToken)).IsWritten;

    /// <summary>
    /// Counts one call; returns null if the approval has ended since, or if too many concurrent changes come first.
    /// </summary>
    /// <param name="id">The id of the standing approval.</param>
    /// <param name="isGood">Returns true if the standing approval still covers the call.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; the call may have been counted.</exception>
    public async ValueTask<StandingApproval?> TryUseAsync(string id, Func<StandingApproval, bool> isGood)
    {
        await _using.WaitAsync();
        try
        {
            return await ChangeAsync(
                id, standing => isGood(standing) ? standing with { Used = standing.Used + 1 } : null);
        }
        finally
        {
            _using.Release();
        }
    }

    /// <summary>Uncounts a call of which no byte was written.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; the call may still be counted.</exception>
    public async ValueTask ReleaseAsync(string id) => await ChangeAsync(
        id, static standing => standing.Used > 0 ? standing with { Used = standing.Used - 1 } : null);

    /// <summary>Changes a standing approval; returns null if it does not exist or must no longer change.</summary>
    /// <exception cref="ControlStoreException">
    /// The store cannot be reached; the change may have been written.
    /// </exception>
    public async ValueTask<StandingApproval?> ChangeAsync(string id, Func<StandingApproval, StandingApproval?> change)
    {
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            if (Find(await documents.ReadAsync(CancellationToken.None), id) is not { } entry
                || change(entry.Standing) is not { } changed)
                return null;
            if (await WriteAsync(entry.Version, changed, CancellationToken.None) is not null)
                return changed;
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _using.Dispose();

    private static ControlKey KeyOf(string id) => new(ControlKinds.StandingApprovals, id);

    // An unreadable document covers no calls.
    private static StandingEntry? Entry(ControlDocument document) =>
        document.ReadOrNull(StandingJson.Default.StandingApproval) is { } read
            ? new StandingEntry(document.Version, read) : null;
}

/// <summary>A standing approval with its location in the control store.</summary>
/// <param name="Version">The version that a write must expect.</param>
/// <param name="Standing">The standing approval.</param>
public sealed record StandingEntry(long Version, StandingApproval Standing);
