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
/// The grants of access tokens. Changed documents are parsed again, each document once. Ending a sign-in closes
/// everything that is open under it.
/// </summary>
public sealed class AccessTokenDirectory : IDisposable
{
    /// <summary>The prefix of every access token.</summary>
    public const string Prefix = "pga_";

    private readonly IControlStore _store;
    private readonly SnapshotUpdater _control;
    private readonly SnapshotHolder _snapshots;
    private readonly ConcurrentDictionary<SignIn, OpenSignIn> _open = new();
    private readonly SemaphoreSlim _catchingUp = new(1);
    private volatile Index _index = new(
        ControlSnapshot.Empty, [], [], FrozenDictionary<TokenHash, Access>.Empty);
    private long _caughtUp;

    /// <param name="store">The store that other frontends write to.</param>
    /// <param name="control">The current state of that store.</param>
    /// <param name="snapshots">The current grants.</param>
    public AccessTokenDirectory(IControlStore store, SnapshotUpdater control, SnapshotHolder snapshots)
    {
        (_store, _control, _snapshots) = (store, control, snapshots);
        _control.Changed += EndGone;
    }

    /// <summary>Returns the grant, with the token in it, or null if the token is not valid now.</summary>
    public async ValueTask<GrantModel?> FindAsync(TokenHash token, long nowMs, CancellationToken cancellationToken)
    {
        if (Find(token, nowMs) is { } known)
            return known;
        // Another frontend may have issued the token a moment ago.
        if (!_store.IsShared)
            return null;
        await CatchUpAsync(cancellationToken);
        return Find(token, nowMs);
    }

    /// <summary>
    /// Returns the grant of a token as far as this frontend knows, with the token in it; null if the token is not valid
    /// now.
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
        // If the sign-in ended just now, its end may have been processed before this entry existed.
        return Current.All.ContainsKey(token)
            ? grant with { Access = token, ProofKey = access.ProofKey, Bindings = open.BindingsOf(grant) }
            : null;
    }

    /// <summary>Returns the sign-in that issued a token; null if the token is unknown.</summary>
    internal string? SignInOf(TokenHash token) =>
        Current.All.TryGetValue(token, out var access) ? access.SignIn.Family : null;

    /// <summary>
    /// Returns the grant of a sign-in, whatever has become of its access tokens; null if the sign-in has ended.
    /// </summary>
    internal GrantModel? OfSignIn(TokenHash grantToken, string family)
    {
        var signIn = new SignIn(grantToken, family);
        if (_snapshots.Current.OAuth is null || !Current.Held.Contains(signIn)
            || !_snapshots.Current.Grants.TryGetValue(grantToken, out var grant) || !grant.IsOAuth)
        {
            return null;
        }

        var open = _open.GetOrAdd(signIn, static _ => new OpenSignIn());
        // If the sign-in ended just now, its end may have been processed before this entry existed.
        return Current.Held.Contains(signIn) ? grant with { Bindings = open.BindingsOf(grant) } : null;
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
            // Two threads may read the same documents concurrently; either result may stay.
            return ReferenceEquals(index.Documents, documents) ? index : _index = Read(documents, index);
        }
    }

    /// <summary>Closes everything that is open under ended sign-ins.</summary>
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
            // An unreadable document grants nothing.
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
                        signIn, entry.Until.ToUnixTimeMilliseconds(), family.Used.ToUnixTimeMilliseconds(),
                        family.ProofKey)));
            }
        }

        return parsed;
    }

    /// <summary>
    /// Refreshes from the store once for all waiting requests, so that made-up tokens cost no more than that.
    /// </summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var seen = Interlocked.Read(ref _caughtUp);
        await _catchingUp.WaitAsync(cancellationToken);
        try
        {
            // Two refreshes have begun since, the later one after this call.
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
            // The token stays unknown; staleness of the current state is detected elsewhere.
        }
        finally
        {
            _catchingUp.Release();
        }
    }

    private readonly record struct SignIn(TokenHash Grant, string Family);

    private sealed record Access(SignIn SignIn, long UntilMs, long TakenMs, string? ProofKey)
    {
        /// <summary>
        /// Returns true while the token is valid. A token issued later than now was dated by a clock that has since
        /// been set back.
        /// </summary>
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
