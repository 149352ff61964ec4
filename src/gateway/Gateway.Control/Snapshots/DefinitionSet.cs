using System.Collections.Frozen;
using Gateway.Control.Tables;
using Gateway.Policy;
using Gateway.Policy.Budgets;
using Gateway.Policy.Lists;

namespace Gateway.Control.Snapshots;

/// <summary>Servers, policies and grants by name, from one source or merged.</summary>
public sealed record DefinitionSet(
    IReadOnlyDictionary<string, ServerModel> Servers,
    IReadOnlyDictionary<string, PolicyDefinition> Policies,
    NamedDictionary<GrantDefinition> Grants)
{
    /// <summary>The lists to which policies refer; null for one that cannot be read.</summary>
    public IReadOnlyDictionary<string, NamedList?> Lists { get; init; } = NamedLists.None.All;

    /// <summary>Named limits, for the grants that each names.</summary>
    public IReadOnlyDictionary<string, Budget> Budgets { get; init; } = new Dictionary<string, Budget>();

    /// <summary>Edits that are evaluated beside policies, by the policy's name.</summary>
    public IReadOnlyDictionary<string, CandidateDefinition> Candidates { get; init; } =
        new Dictionary<string, CandidateDefinition>();

    /// <summary>Returns the policy that decides for a grant that uses this policy; null if there is none.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="policy">The policy that the grant uses.</param>
    /// <param name="bucket">
    /// The bucket of the session, 0 to 99; by default the last one, which has the candidate only if all sessions have.
    /// </param>
    public CompiledPolicy? PolicyOf(string grant, string policy, int bucket = GrantSide.All - 1) =>
        !Policies.TryGetValue(policy, out var found) ? null
        : Candidates.TryGetValue(policy, out var candidate)
            && (candidate.Grants.Contains(grant) || (bucket < candidate.Percent && candidate.MayShare(found.Policy)))
            ? candidate.Policy
        : found.Policy;

    /// <summary>The objects to which policies may refer by name.</summary>
    public NamedLists Named => new(Lists) { Budgets = Budgets };

    /// <summary>
    /// Returns the budgets that this grant's policies name but it may not charge, with the reason for each.
    /// </summary>
    /// <param name="grant">The grant.</param>
    /// <param name="known">The budgets; null for those of this set.</param>
    public IEnumerable<(string Policy, string Why)> Uncharged(GrantDefinition grant, NamedLists? known = null)
    {
        var named = known ?? Named;
        return
            from policy in grant.Servers.Values.OfType<string>().Distinct()
            where Policies.ContainsKey(policy)
            from budget in Policies[policy].Policy.Budgets
            let why = named.ProblemOfBudget(budget, grant.Name)
            where why is not null
            select (policy, why);
    }

    /// <summary>An empty set.</summary>
    public static DefinitionSet None { get; } = Of([], [], []);

    /// <summary>Creates a set; no name may occur twice.</summary>
    public static DefinitionSet Of(
        IEnumerable<ServerModel> servers,
        IEnumerable<PolicyDefinition> policies,
        IEnumerable<GrantDefinition> grants) => new(
            servers.ToDictionary(static server => server.Name, StringComparer.Ordinal),
            policies.ToDictionary(static policy => policy.Name, StringComparer.Ordinal),
            new NamedDictionary<GrantDefinition>(grants, static grant => grant.Name));

    /// <summary>Merges both; for a name that both have, <paramref name="first"/> wins.</summary>
    public static DefinitionSet Merge(DefinitionSet first, DefinitionSet second) => new(
        Merge(first.Servers, second.Servers),
        Merge(first.Policies, second.Policies),
        first.Grants.Values.Aggregate(
            second.Grants, static (all, grant) => all.With(grant.Name, grant)))
    {
        Lists = Merge(first.Lists, second.Lists),
        Budgets = Merge(first.Budgets, second.Budgets),
        Candidates = Merge(first.Candidates, second.Candidates),
    };

    // Created again at each change and read rarely: building must be cheap, finding may be slow.
    internal static IReadOnlyDictionary<string, T> Merge<T>(
        IReadOnlyDictionary<string, T> first, IReadOnlyDictionary<string, T> second)
    {
        if (first.Count == 0)
            return second;
        var merged = new Dictionary<string, T>(second, StringComparer.Ordinal);
        foreach (var (name, value) in first)
            merged[name] = value;
        return merged;
    }
}

/// <summary>A policy by its name, compiled and as written.</summary>
public sealed record PolicyDefinition(string Name, CompiledPolicy Policy, ReadOnlyMemory<byte> Document)
{
    /// <summary>
    /// Warnings about permitted but probably unintended content; only for stored policies, because those of the file
    /// are reported with the file.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>
/// An edit of a policy that is evaluated beside the published one, and decides for some grants or sessions.
/// </summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Policy">
/// The compiled policy; null if this release cannot read it: then it denies everything that it decides.
/// </param>
/// <param name="At">The time at which this text became the candidate.</param>
/// <param name="Grants">The grants for which it decides.</param>
/// <param name="Percent">The percentage of the sessions of all other grants for which it decides.</param>
public sealed record CandidateDefinition(
    string Name, CompiledPolicy? Policy, DateTimeOffset At, FrozenSet<string> Grants, int Percent)
{
    // Comparing large policies for each of many grants would be slow.
    private Compared? _compared;

    /// <summary>
    /// Returns true if it may decide for some sessions of a grant while the published policy decides for others. If one
    /// counts calls on another counter, such a grant would have the room of both.
    /// </summary>
    public bool MayShare(CompiledPolicy published)
    {
        if (_compared is { } known && ReferenceEquals(known.Published, published))
            return known.MayShare;
        // An unreadable candidate denies everything.
        var mayShare = Policy is null || Policy.CountsWith(published);
        _compared = new Compared(published, mayShare);
        return mayShare;
    }

    // One reference, because several threads may read and replace it.
    private sealed record Compared(CompiledPolicy Published, bool MayShare);
}
