using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Rules;

namespace Gateway.Policy;

/// <summary>A policy document ready to decide. Immutable and safe to share.</summary>
public sealed class CompiledPolicy
{
    internal CompiledPolicy(string sha256, RuleSet rules)
    {
        Sha256 = sha256;
        Rules = rules;
    }

    /// <summary>
    /// SHA-256 of the document's bytes, 64 lower-case hexadecimal digits: what a record says was in force.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>The lists that its conditions name, and how they compare.</summary>
    public IReadOnlyList<ListUse> Lists => Rules.Lists;

    /// <summary>The budgets that its calls are charged to, by name.</summary>
    public IReadOnlyList<string> Budgets => Rules.Budgets;

    internal RuleSet Rules { get; }

    /// <summary>The policy for one grant on one server, with the identities of its counters.</summary>
    /// <param name="grant">The grant's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="generations">Which counters were reset; none where it is null.</param>
    /// <param name="lists">The lists that it may name; none where it is null.</param>
    /// <param name="isCandidate">Judged beside the one in force: its limits have counters of their own.</param>
    public PolicyBinding Bind(
        string grant, string server, CounterGenerations? generations = null, NamedLists? lists = null,
        bool isCandidate = false) =>
        new(grant, server, Rules, generations ?? CounterGenerations.None, lists ?? NamedLists.None)
        {
            IsCandidate = isCandidate,
        };
}
