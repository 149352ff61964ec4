using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Edge.Grants;

/// <summary>
/// The bound of a table with an entry for each caller. Operators create grants, but any number of people may have a
/// token of an issuer. At the bound, the entries of all such callers are removed; those of grants stay.
/// </summary>
internal sealed class CallerBound
{
    private const int EntriesMax = 4096;
    private int _entries;

    /// <summary>Counts an entry that is about to be added.</summary>
    /// <param name="caller">The key of its caller.</param>
    /// <param name="keys">The keys of the table.</param>
    /// <param name="callerOf">Returns the caller of a key.</param>
    /// <param name="remove">Removes an entry.</param>
    public void Add<T>(string caller, IEnumerable<T> keys, Func<T, string> callerOf, Action<T> remove)
    {
        if (!GrantModel.IsIdentified(caller) || Interlocked.Increment(ref _entries) <= EntriesMax)
            return;
        Interlocked.Exchange(ref _entries, 1);
        foreach (var key in keys.Where(key => GrantModel.IsIdentified(callerOf(key))))
            remove(key);
    }
}
