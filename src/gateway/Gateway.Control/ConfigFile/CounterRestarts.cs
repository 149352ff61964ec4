using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// The search for counters that a change of definitions restarts at zero. A counter is identified by the names of grant
/// and server, by its own name and by its window, so renaming one of them creates another counter.
/// </summary>
internal static class CounterRestarts
{
    /// <summary>The maximum number of counters that are named.</summary>
    public const int Max = 200;

    /// <summary>Returns a description of each counter that restarts, sorted.</summary>
    public static IReadOnlyList<string> Between(DefinitionSet before, DefinitionSet after)
    {
        var (old, now) = (Counters(before), Counters(after));
        var gone = old.Where(one => !now.ContainsKey(one.Key)).Select(static one => one.Value).ToList();
        if (gone.Count == 0)
            return [];
        var ofGrant = First(gone, static one => (one.Counter, one.Grant));
        var ofServer = First(gone, static one => (one.Counter, one.Server));
        var ofBinding = First(gone, static one => (one.Grant, one.Server, one.Window));
        var restarts =
            from one in now
            where !old.ContainsKey(one.Key)
            let counter = one.Value
            let was = ofGrant.GetValueOrDefault((counter.Counter, counter.Grant))
                ?? ofServer.GetValueOrDefault((counter.Counter, counter.Server))
                ?? ofBinding.GetValueOrDefault((counter.Grant, counter.Server, counter.Window))
            where was is not null
            select $"restart the counter {counter} at zero: it replaces {was}";
        var all = restarts.Order(StringComparer.Ordinal).ToList();
        return all.Count <= Max ? all
            : [.. all.Take(Max), $"restart {Spelling.Count(all.Count - Max, "more counter")} at zero"];
    }

    private static Dictionary<CounterKey, Counted> Counters(DefinitionSet objects)
    {
        var all = new Dictionary<CounterKey, Counted>();
        var lists = objects.Named;
        foreach (var grant in objects.Grants.Values)
        {
            foreach (var (server, policyName) in grant.Servers)
            {
                if (policyName is null || !objects.Servers.ContainsKey(server)
                    || objects.PolicyOf(grant.Name, policyName) is not { } policy)
                {
                    continue;
                }

                // A place of a call in flight has no window, and holds no count that could be lost.
                foreach (var cost in policy.Bind(grant.Name, server, CounterGenerations.None, lists).Counters
                    .Where(static cost => cost.WindowText.Length > 0))
                {
                    all.TryAdd(
                        cost.Cost.Key,
                        new Counted(
                            cost.Counter, cost.WindowText, grant.Name, server,
                            cost.Cost.Key.Scope == LimitScope.Server));
                }
            }
        }

        return all;
    }

    private static Dictionary<TKey, Counted> First<TKey>(IEnumerable<Counted> counters, Func<Counted, TKey> key)
        where TKey : notnull
    {
        var first = new Dictionary<TKey, Counted>();
        foreach (var one in counters)
            first.TryAdd(key(one), one);
        return first;
    }

    private sealed record Counted(string Counter, string Window, string Grant, string Server, bool IsOfServer)
    {
        public override string ToString() => IsOfServer
            ? $"{Counter} ({Window}) of {Server}"
            : $"{Counter} ({Window}) of {Grant} at {Server}";
    }
}
