using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Rules;

namespace Gateway.Policy;

/// <summary>A compiled policy document, ready to make decisions. Immutable and safe to share.</summary>
public sealed class CompiledPolicy
{
    internal CompiledPolicy(string sha256, RuleSet rules)
    {
        Sha256 = sha256;
        Rules = rules;
    }

    /// <summary>
    /// SHA-256 of the document's bytes, 64 lowercase hexadecimal digits. Records use it to identify the policy in
    /// effect.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>True if the document contains tests of itself.</summary>
    public bool HasTests { get; internal init; }

    /// <summary>The lists that its conditions use, with the form of comparison.</summary>
    public IReadOnlyList<ListUse> Lists => Rules.Lists;

    /// <summary>The names of the budgets that its calls are charged to.</summary>
    public IReadOnlyList<string> Budgets => Rules.Budgets;

    internal RuleSet Rules { get; }

    /// <summary>
    /// Returns true if both can decide for one grant at the same time without more room than one of them gives: they
    /// have the same entries, and one has all enforced counters of the other in each of them. If a tool counted on one
    /// counter here and on another there, it would have the room of both.
    /// </summary>
    public bool CountsWith(CompiledPolicy other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (these, those) = (EnforcedByEntry(this), EnforcedByEntry(other));
        return these.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(those.Keys)
            && (these.All(one => IsWithin(one.Value, those[one.Key]))
                || those.All(one => IsWithin(one.Value, these[one.Key])));

        // A denial is stricter than any counter.
        static bool IsWithin(HashSet<string>? some, HashSet<string>? all) =>
            all is null || some?.IsSubsetOf(all) == true;
    }

    /// <summary>Returns the counters of each entry; null for one that denies.</summary>
    private static Dictionary<string, HashSet<string>?> EnforcedByEntry(CompiledPolicy policy)
    {
        var binding = policy.Bind("grant", "server");
        var entries = new Dictionary<string, HashSet<string>?>(StringComparer.Ordinal);
        foreach (var rule in policy.Rules.AllTools)
        {
            // The name of the default says whether it allows.
            var entry = ReferenceEquals(rule, policy.Rules.OtherTools) ? "" : rule.Pointer;
            entries[entry] = rule is { Denial: not null, IsDenialShadow: false } ? null :
            [
                .. rule.Limits.Where(static limit => !limit.IsShadow)
                    .Select(limit => limit.Overview(binding).Cost.Key.Text),
                .. rule.Budgets.Where(static budget => !budget.IsShadow)
                    .Select(static budget => $"budget {budget.Budget}"),
                .. rule.InFlight.Where(static places => !places.IsShadow)
                    .Select(places => places.Place(binding).Cost.Key.Text),
            ];
        }

        return entries;
    }

    /// <summary>Binds the policy to one grant on one server, with the identities of its counters.</summary>
    /// <param name="grant">The grant's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="generations">The generations of counters that were reset; null for none.</param>
    /// <param name="lists">The lists that the policy may use; null for none.</param>
    /// <param name="isCandidate">
    /// True for a policy evaluated beside the one in effect: its limits have their own counters.
    /// </param>
    public PolicyBinding Bind(
        string grant, string server, CounterGenerations? generations = null, NamedLists? lists = null,
        bool isCandidate = false) =>
        new(grant, server, Rules, generations ?? CounterGenerations.None, lists ?? NamedLists.None)
        {
            IsCandidate = isCandidate,
        };
}
