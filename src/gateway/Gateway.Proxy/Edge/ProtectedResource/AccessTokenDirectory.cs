using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>
/// Which grant an access token opens: read anew where the documents have changed, each document once. What is open of a
/// sign-in that was ended closes.
/// </summary>
public sealed class AccessTokenDirectory : IDisposable
{
    /// <summary>What every access token begins with.</summary>
    public const string Prefix = "pga_";

    private readonly IControlStore _store;
    private readonly SnapshotUpdater _control;
    private readonly SnapshotHolder _snapshots;
    private readonly ConcurrentDictionary<SignIn, OpenSignIn> _open = new();
    private readonly SemaphoreSlim _catchingUp = new(1);
    private volatile Index _index = new(
        ControlSnapshot.Empty, [], [], FrozenDictionary<TokenHash, Access>.Empty);
    private long _caughtUp;

    /// <param name="store">Where other frontends write.</param>
    /// <param name="control">What is in force of it.</param>
    /// <param name="snapshots">The grants.</param>
    public AccessTokenDirectory(IControlStore store, SnapshotUpdater control, SnapshotHolder snapshots)
    {
        (_store, _control, _snapshots) = (store, control, snapshots);
        _control.Changed += EndGone;
    }

    /// <summary>The grant, with the token in it; null where it opens none now.</summary>
    public async ValueTask<GrantModel?> FindAsync(TokenHash token, long nowMs, CancellationToken cancellationToken)
    {
        if (Find(token, nowMs) is { } known)
            return known;
        // Another frontend may have given it out a moment ago, and its client is quick.
        if (!_store.IsShared)
            return null;
        await CatchUpAsync(cancellationToken);
        return Find(token, nowMs);
    }

    /// <summary>
    /// The grant of a token as far as this frontend knows, with the token in it; null where it opens none now.
    /// </summary>
    public GrantModel? Find(TokenHash token, long nowMs)
    {
        if (_snapshots.Current.OAuth is null
            || !Current.All.TryGetValue(token, out var access) || !access.IsGood(nowMs)
            || !_snapshots.Current.Grants.TryGetValue(access.Grant, out var grant) || !grant.IsOAuth)
        {
            return null;
        }

        var open = _open.GetOrAdd(access.SignIn, static _ => new OpenSignIn());
        // Ended meanwhile: then nobody may have been there yet to be told.
        return Current.All.ContainsKey(token)
            ? grant with { Access = token, Bindings = open.BindingsOf(grant) }
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _control.Changed -= EndGone;
        _catchingUp.Dispose();
    }

    private Index Current
    {
        get
        {
            var documents = _control.State.Documents;
            var index = _index;
            // Two may read the same at once; either's may stay.
            return ReferenceEquals(index.Documents, documents) ? index : _index = Read(documents, index);
        }
    }

    /// <summary>Ends what is open of sign-ins that are no more.</summary>
    private void EndGone()
    {
        if (_open.IsEmpty)
            return;
        var held = Current.Held;
        foreach (var (signIn, _) in _open)
        {
            if (!held.Contains(signIn) && _open.TryRemove(signIn, out var gone))
                _ = gone.EndAsync();
        }
    }

    private static Index Read(ControlSnapshot documents, Index old)
    {
        var parsed = new Dictionary<string, Parsed>(StringComparer.Ordinal);
        var isSame = true;
        foreach (var document in documents.OfKind(ControlKinds.OAuthTokens))
        {
            var isKnown = old.Parsed.TryGetValue(document.Key.Name, out var known)
                && known.Version == document.Version;
            isSame &= isKnown;
            parsed[document.Key.Name] = isKnown ? known! : Parse(document);
        }

        return isSame && parsed.Count == old.Parsed.Count
            ? old with { Documents = documents }
            : new Index(
                documents, parsed, [.. parsed.Values.SelectMany(static one => one.Held)],
                parsed.Values.SelectMany(static one => one.Tokens).DistinctBy(static one => one.Item1)
                    .ToFrozenDictionary(static one => one.Item1, static one => one.Item2));
    }

    private static Parsed Parse(ControlDocument document)
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

        var parsed = new Parsed(document.Version, [], []);
        if (tokens is null || !TokenHash.TryParse(tokens.GrantToken, out var grant))
            return parsed;
        foreach (var family in tokens.Families.Where(static family => !family.Ended))
        {
            var signIn = new SignIn(grant, family.Id);
            parsed.Held.Add(signIn);
            foreach (var entry in family.Access)
            {
                if (TokenHash.TryParse(entry.Hash, out var hash))
                    parsed.Tokens.Add((hash, new Access(
                        signIn, entry.Until.ToUnixTimeMilliseconds(), family.Used.ToUnixTimeMilliseconds())));
            }
        }

        return parsed;
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
            var revision = await _store.WaitAsync(
                _control.State.Documents.Revision, TimeSpan.Zero, cancellationToken);
            if (revision != _control.State.Documents.Revision)
                await _control.RefreshAsync(cancellationToken);
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

    private readonly record struct SignIn(TokenHash Grant, string Family);

    private sealed record Access(SignIn SignIn, long UntilMs, long TakenMs)
    {
        /// <summary>One that was taken later than now was counted by a clock that was set back since.</summary>
        public bool IsGood(long nowMs) => nowMs < UntilMs && TakenMs <= nowMs + ClockBounds.AheadMaxMs;

        public TokenHash Grant => SignIn.Grant;
    }

    private sealed record Parsed(long Version, List<SignIn> Held, List<(TokenHash, Access)> Tokens);

    private sealed record Index(
        ControlSnapshot Documents,
        Dictionary<string, Parsed> Parsed,
        HashSet<SignIn> Held,
        FrozenDictionary<TokenHash, Access> All);
}
