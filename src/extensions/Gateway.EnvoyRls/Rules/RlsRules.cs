using System.Text;
using Gateway.EnvoyRls.Protocol;
using Gateway.Policy.Budgets;
using Google.Protobuf.Collections;

namespace Gateway.EnvoyRls.Rules;

/// <summary>All domains with their descriptors, as in the files; immutable.</summary>
/// <param name="domains">The domains by name.</param>
/// <param name="charges">The budgets that descriptors charge.</param>
internal sealed class RlsRules(IReadOnlyDictionary<string, RlsNode> domains, IReadOnlyList<BudgetCharge> charges)
{
    public int Count => domains.Count;

    public bool Knows(string domain) => domains.ContainsKey(domain);

    /// <summary>
    /// Returns the places that charge a budget that does not exist or does not name their domain.
    /// </summary>
    public IEnumerable<RuleProblem> RefusedBy(IReadOnlyDictionary<string, Budget> budgets) => charges
        .Where(one => !budgets.TryGetValue(one.Budget, out var budget) || !budget.AdmitsDomain(one.Domain))
        .Select(static one => new RuleProblem(one.File, one.Line,
            $"no budget \"{one.Budget}\" names the domain \"{one.Domain}\", so every request that it would count is "
            + "refused: add the domain to \"domains\" of the budget, or charge another budget"));

    /// <summary>
    /// Returns the limit at the level of the whole descriptor; null if there is none and nothing is counted.
    /// </summary>
    public RlsMatch? Find(string domain, RateLimitDescriptor descriptor)
    {
        if (!domains.TryGetValue(domain, out var node))
            return null;
        var entries = descriptor.Entries;
        var path = new RlsNode[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            if (!node.TryFind(entries[i], out var next))
                return null;
            node = path[i] = next;
        }

        if (node.Limit is not { } limit || path.Length == 0)
            return null;
        var values = new string[path.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = path[i].SharesThreshold ? path[i].Value : entries[i].Value;
        return new RlsMatch(limit, values, Metric(domain, path, entries, values, node.HasDetailedMetric));
    }

    private static string Metric(
        string domain, RlsNode[] path, RepeatedField<RateLimitDescriptor.Types.Entry> entries, string[] values,
        bool isDetailed)
    {
        var text = new StringBuilder(domain);
        for (var i = 0; i < path.Length; i++)
        {
            var value = isDetailed || (path[i].HasValueInMetric && !path[i].SharesThreshold)
                ? values[i]
                : path[i].Value;
            text.Append('.').Append(entries[i].Key);
            if (value.Length > 0)
                text.Append('_').Append(value);
        }

        return text.ToString();
    }
}

/// <summary>The limit that counts a request's descriptor.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Values">
/// The values that distinguish the counter: the value of each entry, or the pattern whose matches share one.
/// </param>
/// <param name="Metric">The rule's name in metrics, including values if the rule requests them.</param>
internal sealed record RlsMatch(RlsLimit Limit, string[] Values, string Metric);

/// <summary>A budget that a descriptor charges.</summary>
/// <param name="Domain">The domain of the descriptor.</param>
/// <param name="Budget">The budget's name.</param>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
internal readonly record struct BudgetCharge(string Domain, string Budget, string File, long Line);
