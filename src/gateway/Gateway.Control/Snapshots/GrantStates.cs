using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Gateway.Control.Snapshots;

/// <summary>
/// Keeps the mutable state of each grant over new snapshots, and finds what has expired: for each token of a grant at
/// each of its servers separately. Owned by the control plane, which changes it from one place at a time.
/// </summary>
internal sealed class GrantStates
{
    private readonly ConcurrentDictionary<string, GrantState> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry[]> _entries = new(StringComparer.Ordinal);
    // Nothing expires before this time, so nothing is checked before it.
    private long _nextEndMs = long.MaxValue;

    /// <summary>The expiry of each grant that was seen to be reached.</summary>
    public FrozenDictionary<string, long> Ended { get; set; } = FrozenDictionary<string, long>.Empty;

    /// <summary>Returns the grant's state, whatever its token is.</summary>
    public GrantState Of(string grant) => _states.GetOrAdd(grant, static name => new GrantState(name));

    /// <summary>Returns the open requests and streams of a token at a server.</summary>
    public AccessState Access(string grant, TokenHash token, string server) =>
        Find(_entries[grant], token, server)!.State;

    /// <summary>Takes over all grants of the next snapshot.</summary>
    /// <returns>The accesses that have ended; end them once the snapshot is in effect.</returns>
    public List<AccessState> Renew(IReadOnlyDictionary<string, GrantDefinition> grants, Pauses pauses, long nowMs)
    {
        var ended = new List<AccessState>();
        foreach (var grant in grants.Values)
            Renew(grant, pauses, nowMs, ended);
        foreach (var (gone, _) in _entries.Where(one => !grants.ContainsKey(one.Key)))
            End(gone, ended);
        foreach (var (gone, _) in _states.Where(one => !grants.ContainsKey(one.Key)))
            _states.TryRemove(gone, out _);
        return ended;
    }

    /// <summary>Takes over the grants that differ from the snapshot before; null for a removed one.</summary>
    /// <returns>The accesses that have ended; end them once the snapshot is in effect.</returns>
    public List<AccessState> Renew(
        IEnumerable<(string Name, GrantDefinition? Now)> changes, Pauses pauses, long nowMs)
    {
        var ended = new List<AccessState>();
        foreach (var (name, now) in changes)
        {
            if (now is not null)
                Renew(now, pauses, nowMs, ended);
            else
                End(name, ended);
        }

        return ended;
    }

    /// <summary>Ends everything that has expired since the last check.</summary>
    public async ValueTask EndExpiredAsync(long nowMs)
    {
        if (nowMs < Interlocked.Read(ref _nextEndMs))
            return;
        // A grant that is taken over during this check sets its own end.
        Interlocked.Exchange(ref _nextEndMs, long.MaxValue);
        foreach (var entry in _entries.Values.SelectMany(static entries => entries))
        {
            if (nowMs < entry.UntilMs)
                LookAt(entry.UntilMs);
            else if (nowMs >= entry.UntilMs && !entry.State.Ended.IsCancellationRequested)
                await entry.State.EndAsync();
        }
    }

    private void Renew(GrantDefinition grant, Pauses pauses, long nowMs, List<AccessState> ended)
    {
        var isGrantPaused = grant.IsPaused || pauses.Gateway is not null || pauses.OfGrant(grant.Name) is not null;
        var before = _entries.GetValueOrDefault(grant.Name, []);
        var next = (
            from token in grant.Tokens
            from server in grant.Servers.Keys
            let isPaused = isGrantPaused || pauses.OfServer(server) is not null
            select Find(before, token.Token, server) is { } old && old.GoesOn(isPaused, nowMs)
                ? old with { UntilMs = token.UntilMs }
                : new Entry(token.Token, server, new AccessState(), token.UntilMs, isPaused)).ToArray();
        ended.AddRange(before.Select(static entry => entry.State)
            .Where(state => !Array.Exists(next, entry => entry.State == state)));
        _entries[grant.Name] = next;
        MarkEnded(grant);
        LookAt(next.Min(static entry => entry.UntilMs));
    }

    /// <summary>Marks the grant if its expiry was reached before, and likewise its previous token.</summary>
    public void MarkEnded(GrantDefinition grant)
    {
        var state = Of(grant.Name);
        state.HasEnded = IsReached(grant.Name, grant.ExpiresMs);
        state.HasPreviousEnded = IsReached(grant.Name + GrantDefinition.PreviousSuffix, grant.Previous?.UntilMs);

        bool IsReached(string name, long? endsMs) => Ended.TryGetValue(name, out var reached) && reached == endsMs;
    }

    private void End(string grant, List<AccessState> ended)
    {
        if (_entries.TryRemove(grant, out var entries))
            ended.AddRange(entries.Select(static entry => entry.State));
        _states.TryRemove(grant, out _);
    }

    private void LookAt(long? untilMs)
    {
        if (untilMs is not { } wanted)
            return;
        var known = Interlocked.Read(ref _nextEndMs);
        while (wanted < known)
        {
            var seen = Interlocked.CompareExchange(ref _nextEndMs, wanted, known);
            if (seen == known)
                return;
            known = seen;
        }
    }

    private static Entry? Find(Entry[] entries, TokenHash token, string server) =>
        Array.Find(entries, entry => entry.Token == token && entry.Server == server);

    private sealed record Entry(TokenHash Token, string Server, AccessState State, long? UntilMs, bool IsPaused)
    {
        public bool GoesOn(bool isPaused, long nowMs) => IsPaused == isPaused && !(nowMs >= UntilMs);
    }
}
