using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>The open connections of callers, by the identity of their token and the grant that it selected.</summary>
/// <param name="countMax">The number of entries beyond which the least recently used end.</param>
internal sealed class OpenCallers(int countMax = KeptCallers.CountMax)
{
    private readonly ConcurrentDictionary<Key, Entry> _all = new();

    /// <summary>The number of entries.</summary>
    public int Count => _all.Count;

    /// <summary>
    /// Returns the grant with the bindings of an entry that exists, and records its use; null if there is none.
    /// </summary>
    public GrantModel? Find(CallerIdentity caller, GrantModel grant, long nowMs) =>
        _all.TryGetValue(new Key(caller, grant.Name), out var known) ? known.Use(grant, nowMs) : null;

    /// <summary>Returns the grant with the bindings of an entry, which is added if it does not exist.</summary>
    public GrantModel Add(CallerIdentity caller, GrantModel grant, long nowMs) =>
        _all.GetOrAdd(new Key(caller, grant.Name), static _ => new Entry()).Use(grant, nowMs);

    /// <summary>
    /// Closes everything that is open under entries that are gone. Beyond the maximum, also ends as many of the least
    /// recently used entries as exceed it: most of them are idle, and a client whose stream closes opens it again.
    /// </summary>
    public async Task EndAsync(Func<CallerIdentity, string, bool> isGone)
    {
        foreach (var (key, _) in _all)
        {
            if (isGone(key.Caller, key.Grant))
                await RemoveAsync(key);
        }

        var excess = _all.Count - countMax;
        if (excess <= 0)
            return;
        foreach (var (key, _) in _all.ToArray().OrderBy(static one => one.Value.UsedMs).Take(excess))
            await RemoveAsync(key);
    }

    private async Task RemoveAsync(Key key)
    {
        if (_all.TryRemove(key, out var ended))
            await ended.Open.EndAsync();
    }

    // Each call looks one up. The comparison of a tuple takes more than a microsecond in a native program.
    private readonly record struct Key(CallerIdentity Caller, string Grant)
    {
        public bool Equals(Key other) => ReferenceEquals(Caller, other.Caller) && Grant == other.Grant;

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(Caller);
    }

    private sealed class Entry
    {
        private long _usedMs;

        // Each call of a caller has the same grant until the configuration changes.
        private volatile Bound? _last;

        public OpenSignIn Open { get; } = new();

        public long UsedMs => Volatile.Read(ref _usedMs);

        public GrantModel Use(GrantModel grant, long nowMs)
        {
            Volatile.Write(ref _usedMs, nowMs);
            if (_last is not { } last || !ReferenceEquals(last.Of, grant))
                _last = last = new(grant, grant with { Bindings = Open.BindingsOf(grant) });
            return last.Grant;
        }

        private sealed record Bound(GrantModel Of, GrantModel Grant);
    }
}
