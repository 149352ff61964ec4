using System.Collections.Concurrent;

namespace Gateway.Control.Snapshots;

/// <summary>
/// Keeps over new snapshots what moves of each grant, and finds what has come to its end: for each token of a grant at
/// each of its servers by itself. Owned by the control plane, which calls it from one place at a time.
/// </summary>
internal sealed class GrantStates
{
    private readonly ConcurrentDictionary<string, GrantState> _states = new(StringComparer.Ordinal);
    private Dictionary<Key, Entry> _entries = [];

    /// <summary>The grant's state, whatever its token is.</summary>
    public GrantState Of(string grant) => _states.GetOrAdd(grant, static name => new GrantState(name));

    /// <summary>What is open of a token at a server.</summary>
    public AccessState Access(string grant, TokenHash token, string server) =>
        _entries[new(grant, token, server)].State;

    /// <summary>Takes over the grants of the next snapshot.</summary>
    /// <returns>What has ended; end it once the snapshot is in force.</returns>
    public List<AccessState> Renew(IEnumerable<GrantDefinition> grants, Pauses pauses, long nowMs)
    {
        var next = new Dictionary<Key, Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var grant in grants)
        {
            names.Add(grant.Name);
            var isGrantPaused = grant.IsPaused || pauses.Gateway is not null || pauses.OfGrant(grant.Name) is not null;
            foreach (var (token, untilMs) in grant.Tokens)
            {
                foreach (var server in grant.Servers.Keys)
                {
                    var key = new Key(grant.Name, token, server);
                    var isPaused = isGrantPaused || pauses.OfServer(server) is not null;
                    next[key] = _entries.TryGetValue(key, out var old) && old.GoesOn(isPaused, nowMs)
                        ? old with { UntilMs = untilMs }
                        : new Entry(new AccessState(), untilMs, isPaused);
                }
            }
        }

        var kept = next.Values.Select(static entry => entry.State).ToHashSet();
        var ended = _entries.Values.Select(static entry => entry.State).Where(state => !kept.Contains(state)).ToList();
        _entries = next;
        foreach (var gone in _states.Keys.Where(name => !names.Contains(name)))
            _states.TryRemove(gone, out _);
        return ended;
    }

    /// <summary>Ends what has expired since the last look.</summary>
    public async ValueTask EndExpiredAsync(long nowMs)
    {
        foreach (var entry in _entries.Values)
        {
            if (nowMs >= entry.UntilMs && !entry.State.Ended.IsCancellationRequested)
                await entry.State.EndAsync();
        }
    }

    private readonly record struct Key(string Grant, TokenHash Token, string Server);

    private sealed record Entry(AccessState State, long? UntilMs, bool IsPaused)
    {
        public bool GoesOn(bool isPaused, long nowMs) => IsPaused == isPaused && !(nowMs >= UntilMs);
    }
}
