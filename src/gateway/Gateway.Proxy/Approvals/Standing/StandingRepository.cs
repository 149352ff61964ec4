using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;

namespace Gateway.Proxy.Approvals.Standing;

/// <summary>
/// The standing approvals in the control store. Each use is a compare-and-swap that counts it before the call's first
/// byte: what is not certain to be written lets nothing through, so never more calls go ahead than it is for.
/// </summary>
public sealed class StandingRepository(DocumentCache documents, IControlStore store, SecretProtector secrets)
    : IDisposable
{
    // One at a time in this process: what is left of a race is the other frontends.
    private readonly SemaphoreSlim _using = new(1);

    /// <summary>Every one that can be read, the oldest first.</summary>
    public static IReadOnlyList<StandingEntry> All(ControlSnapshot snapshot) =>
        [.. snapshot.OfKind(ControlKinds.StandingApprovals).Select(Entry).OfType<StandingEntry>()
            .OrderBy(static entry => entry.Standing.MadeMs)];

    /// <summary>One by its id; null where it is not kept.</summary>
    public static StandingEntry? Find(ControlSnapshot snapshot, string id) =>
        id.Length is > 0 and <= ControlKey.NameLengthMax && !id.Any(char.IsControl)
        && snapshot.Find(KeyOf(id)) is { } document
            ? Entry(document)
            : null;

    /// <summary>The terms with their conditions, for people and for judging; none where their key is gone.</summary>
    public StandingTerms? Opened(StandingTerms terms, ControlSnapshot snapshot)
    {
        if (terms.SealedWhere is not { } sealedWhere)
            return terms;
        if (!secrets.TryOpen(sealedWhere, out var where))
        {
            // Another frontend may have sealed them with a key that it has just made.
            secrets.Update(snapshot);
            if (!secrets.TryOpen(sealedWhere, out where))
                return null;
        }

        return terms with { Where = where };
    }

    /// <summary>The terms as they are kept.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public async ValueTask<StandingTerms> SealedAsync(StandingTerms terms, CancellationToken cancellationToken) =>
        terms.Where is not { } where || terms.SealedWhere is not null
            ? terms with { Where = null }
            : terms with { Where = null, SealedWhere = await secrets.SealAsync(where, cancellationToken) };

    /// <returns>The entry as it stands after the change; null where another change came first.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been written.</exception>
    public async ValueTask<StandingEntry?> WriteAsync(
        long expectedVersion, StandingApproval standing, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(standing, StandingJson.Default.StandingApproval);
        var written = await store.WriteAsync(KeyOf(standing.Id), expectedVersion, content, cancellationToken);
        return written.IsWritten ? new StandingEntry(written.Version, standing) : null;
    }

    /// <summary>Deletes it; false where it has changed since it was read.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> DeleteAsync(StandingEntry entry, CancellationToken cancellationToken) =>
        (await store.DeleteAsync(KeyOf(entry.Standing.Id), entry.Version, cancellationToken)).IsWritten;

    /// <summary>Counts one call; null where it has ended meanwhile, or too many others come first.</summary>
    /// <param name="id">Which.</param>
    /// <param name="isGood">Whether it still lets the call through.</param>
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

    /// <summary>No byte of a counted call was written: it is counted no more.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may count on.</exception>
    public async ValueTask ReleaseAsync(string id) => await ChangeAsync(
        id, static standing => standing.Used > 0 ? standing with { Used = standing.Used - 1 } : null);

    /// <summary>Changes it; null where it is not there, or is not to be changed any more.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been written.</exception>
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

    // What cannot be read lets nothing through.
    private static StandingEntry? Entry(ControlDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, StandingJson.Default.StandingApproval) is { } read
                ? new StandingEntry(document.Version, read)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
