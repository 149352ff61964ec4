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

    /// <summary>The lists that its conditions use, with the form of comparison.</summary>
    public IReadOnlyList<ListUse> Lists => Rules.Lists;

    /// <summary>The names of the budgets that its calls are charged to.</summary>
    public IReadOnlyList<string> Budgets => Rules.Budgets;

    internal RuleSet Rules { get; }

    /// <summary>
    /// Returns true if both can decide for one grant at the same time without more room than one of them gives: one
    /// has all enforced counters of the other. A counter that one has in place of another of the same limit would admit
    /// as many calls again.
    /// </summary>
    public bool CountsWith(CompiledPolicy other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (these, those) = (Enforced(this), Enforced(other));
        return these.IsSubsetOf(those) || those.IsSubsetOf(these);
    }

    private static HashSet<string> Enforced(CompiledPolicy policy) =>
    [
        .. policy.Bind("grant", "server").Limits.Select(static cost => cost.Key.ToString()),
        .. policy.Budgets.Select(static budget => $"budget {budget}"),
    ];

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
