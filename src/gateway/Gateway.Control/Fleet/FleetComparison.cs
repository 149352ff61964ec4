using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;

namespace Gateway.Control.Fleet;

/// <summary>The comparison with one other frontend.</summary>
internal sealed class FleetComparison(
    ControlState state, FleetConfigDocument own, FleetConfigDocument other, string frontend,
    Dictionary<string, Amount> maxima, Dictionary<string, string> refused)
{
    private readonly Dictionary<string, SortedDictionary<string, string>> _mine = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<string, string>> _theirs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _effects = new(StringComparer.Ordinal);

    public IEnumerable<FleetDifference> Run()
    {
        var isComparable = own.Format == other.Format;
        var names = own.Objects.Keys.Union(other.Objects.Keys)
            .Where(name => own.Objects.GetValueOrDefault(name) != other.Objects.GetValueOrDefault(name))
            .Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
            return [];
        foreach (var grant in state.Objects.Grants.Values)
        {
            foreach (var (server, policy) in grant.Servers)
            {
                if (policy is not null && TheirPolicy(grant.Name, server) is { } theirs)
                    Compare(grant.Name, server, policy, theirs);
            }
        }

        foreach (var budget in state.Objects.Budgets.Values)
            Compare(budget);
        // Of a document in another format, only the differences that limits depend on are known.
        return
        [
            .. names.Where(name => isComparable || _effects.ContainsKey(name))
                .Select(name => new FleetDifference(name, frontend, _effects.GetValueOrDefault(name))),
        ];
    }

    /// <summary>Returns the other frontend's policy; null if it admits no call of the grant to the server.</summary>
    private string? TheirPolicy(string grant, string server) =>
        other.Grants.TryGetValue(grant, out var servers) ? servers.GetValueOrDefault(server)
        : state.Stored.Grants.Find(grant)?.Servers.GetValueOrDefault(server);

    private void Compare(string grant, string server, string policy, string theirPolicy)
    {
        var (mine, theirs) = (Limits(_mine, policy, own.Policies), Limits(_theirs, theirPolicy, other.Policies));
        // Without a limit of its own, the other file also allows everything that is admitted here within these limits.
        var isOtherwise = theirs.Keys.Any(pattern => !mine.ContainsKey(pattern));
        foreach (var (pattern, text) in mine)
        {
            var effect = theirs.TryGetValue(pattern, out var theirText)
                ? Limit($"{grant}@{server}/{pattern}", $"{server}/{pattern}", pattern, text, theirText)
                : isOtherwise ? Refuse($"{grant}@{server}/{pattern}", $"{server}/{pattern}", pattern)
                : FleetLimits.NotThere;
            if (effect is null)
                continue;
            Note($"policies/{policy}", effect);
            Note($"policies/{theirPolicy}", effect);
            Note($"grants/{grant}", effect);
        }
    }

    private void Compare(Budget budget)
    {
        // If the other frontend has no budget of this name, it charges nothing to it.
        if (!other.Budgets.TryGetValue(budget.Name, out var theirs))
            return;
        var counter = budget.CounterOf(null);
        var (id, pattern) = (FleetLimits.IdOf(counter), FleetLimits.PatternOf(counter));
        // If only one of them has a top-up, the other admits no more than its maximum without any.
        var isSame = FleetConfigDocument.TopUpsOf(budget) == other.TopUps?.GetValueOrDefault(budget.Name);
        var effect = theirs.TryGetValue(pattern, out var text)
            ? Limit(id, id, pattern, isSame ? budget.Max.ToString() : "", text)
            : Refuse(id, id, pattern);
        if (effect is not null)
            Note($"budgets/{budget.Name}", effect);
    }

    private SortedDictionary<string, string> Limits(
        Dictionary<string, SortedDictionary<string, string>> known, string policy,
        SortedDictionary<string, SortedDictionary<string, string>> file)
    {
        if (!known.TryGetValue(policy, out var limits))
        {
            known[policy] = limits = file.TryGetValue(policy, out var written) ? written
                : state.Stored.Policies.TryGetValue(policy, out var stored)
                    ? FleetConfigDocument.LimitsOf(stored.Policy) : new(StringComparer.Ordinal);
        }

        return limits;
    }

    private string? Limit(string ofGrant, string ofServer, string pattern, string text, string theirText)
    {
        if (text == theirText || !Amount.TryParse(theirText, out var their))
            return null;
        var id = Of(pattern, ofGrant, ofServer);
        if (!maxima.TryGetValue(id, out var known) || their < known)
            maxima[id] = their;
        return FleetLimits.SmallerHolds;
    }

    private string Refuse(string ofGrant, string ofServer, string pattern)
    {
        refused[Of(pattern, ofGrant, ofServer)] = $"the configuration file of {frontend} has no such limit "
            + $"({pattern}), so calls there are not counted with those here";
        return FleetLimits.Refused;
    }

    private static string Of(string pattern, string ofGrant, string ofServer) =>
        pattern.Contains($"/{LimitScope.Server}/", StringComparison.Ordinal) ? ofServer : ofGrant;

    private void Note(string name, string effect)
    {
        var known = _effects.GetValueOrDefault(name);
        if (known is null || effect == FleetLimits.Refused || known == FleetLimits.NotThere)
            _effects[name] = effect;
    }
}
