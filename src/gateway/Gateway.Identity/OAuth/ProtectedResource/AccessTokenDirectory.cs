using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Identity.OAuth.Documents;

namespace Gateway.Identity.OAuth.ProtectedResource;

/// <summary>
/// Which grant an access token opens: read anew where the documents have changed, each document once.
/// </summary>
public sealed class AccessTokenDirectory(
    IControlStore store, SnapshotUpdater control, SnapshotHolder snapshots) : IDisposable
{
    /// <summary>What every access token begins with.</summary>
    public const string Prefix = "pga_";

    private readonly SemaphoreSlim _catchingUp = new(1);
    private volatile Index _index = new(ControlSnapshot.Empty, [], FrozenDictionary<TokenHash, Access>.Empty);
    private long _caughtUp;

    /// <summary>The grant, with the token in it; null where it opens none now.</summary>
    public async ValueTask<GrantModel?> FindAsync(TokenHash token, long nowMs, CancellationToken cancellationToken)
    {
        if (Find(token, nowMs) is { } known)
            return known;
        // Another frontend may have given it out a moment ago, and its client is quick.
        if (!store.IsShared)
            return null;
        await CatchUpAsync(cancellationToken);
        return Find(token, nowMs);
    }

    /// <summary>Whether a token that was let in still holds.</summary>
    public bool Holds(TokenHash token, long nowMs) => Find(token, nowMs) is not null;

    /// <inheritdoc/>
    public void Dispose() => _catchingUp.Dispose();

    private GrantModel? Find(TokenHash token, long nowMs) =>
        snapshots.Current.OAuth is not null
        && Current.TryGetValue(token, out var access) && nowMs < access.UntilMs
        && snapshots.Current.Grants.TryGetValue(access.Grant, out var grant) && grant.IsOAuth
            ? grant with { Access = token }
            : null;

    private FrozenDictionary<TokenHash, Access> Current
    {
        get
        {
            var documents = control.State.Documents;
            var index = _index;
            // Two may read the same at once; either's may stay.
            return ReferenceEquals(index.Documents, documents) ? index.All : (_index = Read(documents, index)).All;
        }
    }

    private static Index Read(ControlSnapshot documents, Index old)
    {
        var parsed = new Dictionary<string, (long Version, List<(TokenHash, Access)> Tokens)>(StringComparer.Ordinal);
        var isSame = true;
        foreach (var document in documents.OfKind(ControlKinds.OAuthTokens))
        {
            var isKnown = old.Parsed.TryGetValue(document.Key.Name, out var known)
                && known.Version == document.Version;
            isSame &= isKnown;
            parsed[document.Key.Name] = isKnown ? known : (document.Version, [.. Tokens(document)]);
        }

        return new Index(documents, parsed, isSame && parsed.Count == old.Parsed.Count ? old.All : parsed.Values
            .SelectMany(static one => one.Tokens).DistinctBy(static one => one.Item1)
            .ToFrozenDictionary(static one => one.Item1, static one => one.Item2));
    }

    private static IEnumerable<(TokenHash, Access)> Tokens(ControlDocument document)
    {
        TokenDocument? tokens = null;
        try
        {
            tokens = JsonSerializer.Deserialize(document.Content.Span, OAuthJson.Default.TokenDocument);
        }
        catch (JsonException)
        {
            // What cannot be read opens nothing.
        }

        if (tokens is null || !TokenHash.TryParse(tokens.GrantToken, out var grant))
            yield break;
        foreach (var entry in tokens.Families.Where(static family => !family.Ended)
            .SelectMany(static family => family.Access))
        {
            if (TokenHash.TryParse(entry.Hash, out var hash))
                yield return (hash, new Access(grant, entry.Until.ToUnixTimeMilliseconds()));
        }
    }

    /// <summary>
    /// One look at the store for all that wait; whoever sends made-up tokens costs no more than that.
    /// </summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var seen = Interlocked.Read(ref _caughtUp);
        await _catchingUp.WaitAsync(cancellationToken);
        try
        {
            // Two looks have begun since: the later one after this call did.
            if (Interlocked.Read(ref _caughtUp) - seen >= 2)
                return;
            var revision = await store.WaitAsync(
                control.State.Documents.Revision, TimeSpan.Zero, cancellationToken);
            if (revision != control.State.Documents.Revision)
                await control.RefreshAsync(cancellationToken);
            Interlocked.Increment(ref _caughtUp);
        }
        catch (ControlStoreException)
        {
            // It is as unknown as before; what is in force grows stale by itself.
        }
        finally
        {
            _catchingUp.Release();
        }
    }

    private sealed record Access(TokenHash Grant, long UntilMs);

    private sealed record Index(
        ControlSnapshot Documents,
        Dictionary<string, (long Version, List<(TokenHash, Access)> Tokens)> Parsed,
        FrozenDictionary<TokenHash, Access> All);
}
