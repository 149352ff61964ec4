namespace Gateway.Proxy.Snapshots;

/// <summary>
/// Keeps each grant's state over new snapshots, and finds those that have come to their end. Owned by the control
/// plane, which calls it from one place at a time.
/// </summary>
internal sealed class GrantStates
{
    private Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The grant's state; a new one where the grant is new or is not what it was.</summary>
    public GrantState Of(string name) => _entries[name].State;

    /// <summary>Takes over the grants of the next snapshot.</summary>
    /// <returns>The states that have ended; end them once the snapshot is in force.</returns>
    public List<GrantState> Renew(IEnumerable<GrantDefinition> grants, long nowMs)
    {
        var next = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var grant in grants)
        {
            _entries.TryGetValue(grant.Name, out var old);
            next[grant.Name] = old is not null && GoesOn(old.Grant, grant, nowMs)
                ? old with { Grant = grant }
                : new Entry(grant, new GrantState(old?.State.LastUsedMs ?? 0));
        }

        var kept = next.Values.Select(static entry => entry.State).ToHashSet();
        var ended = _entries.Values.Select(static entry => entry.State).Where(state => !kept.Contains(state)).ToList();
        _entries = next;
        return ended;
    }

    /// <summary>Ends what has expired since the last look.</summary>
    public async ValueTask EndExpiredAsync(long nowMs)
    {
        foreach (var (grant, state) in _entries.Values)
        {
            if (nowMs >= grant.ExpiresMs && !state.Ended.IsCancellationRequested)
                await state.EndAsync();
        }
    }

    /// <summary>What is open for the old grant may stay open: same token, not paused, no server taken away.</summary>
    private static bool GoesOn(GrantDefinition old, GrantDefinition grant, long nowMs) =>
        old.Token == grant.Token
        && old.IsPaused == grant.IsPaused
        && !(nowMs >= old.ExpiresMs)
        && old.Servers.Keys.All(grant.Servers.ContainsKey);

    private sealed record Entry(GrantDefinition Grant, GrantState State);
}
