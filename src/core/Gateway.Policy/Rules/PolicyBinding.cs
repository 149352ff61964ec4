using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Recording;
using Gateway.Policy.Results;

namespace Gateway.Policy.Rules;

/// <summary>One policy for one grant on one server, with the identities of its counters. Safe to share.</summary>
public sealed class PolicyBinding
{
    // Made and filled on first use: a policy of ten thousand entries bound to many grants costs only what is called.
    private PolicyDecision?[]? _admissions;

    internal PolicyBinding(
        string grant, string server, RuleSet? rules, CounterGenerations generations, NamedLists lists)
    {
        ArgumentException.ThrowIfNullOrEmpty(grant);
        ArgumentException.ThrowIfNullOrEmpty(server);
        Grant = grant;
        Server = server;
        Rules = rules;
        Generations = generations;
        Lists = lists;
    }

    /// <summary>The grant's name.</summary>
    public string Grant { get; }

    /// <summary>The server's name.</summary>
    public string Server { get; }

    /// <summary>False where the grant has no policy on the server: then next to nothing is allowed.</summary>
    public bool HasPolicy => Rules is not null;

    /// <summary>True if a session has counters of its own.</summary>
    public bool HasSessionLimits => Rules is { HasSessionLimits: true };

    /// <summary>True if the instant of a decision matters.</summary>
    public bool ReadsTime => Rules is { ReadsTime: true };

    /// <summary>True if a tool that nobody has accepted is denied, and hidden from lists.</summary>
    public bool DeniesUnaccepted => Rules is { DeniesUnaccepted: true };

    /// <summary>Which values of arguments are kept for replay; null for none.</summary>
    public ArgumentRecording? Recording => Rules?.Recording;

    /// <summary>Whether the agent may read how far its own limits are used.</summary>
    public bool ShowsLimits => Rules is { ShowsLimits: true };

    /// <summary>
    /// Every enforced limit's counter as a call in this session would be counted, once; none by value, and no places
    /// of calls in flight.
    /// </summary>
    public IEnumerable<DecisionCost> OwnCounters(string? session) => Rules is null
        ? []
        : Rules.AllTools.SelectMany(static rule => rule.Limits)
            .Where(static limit => !limit.IsShadow && limit.By.IsEmpty)
            .Select(limit => limit.Charge(this, session, limit.FixedCost))
            .DistinctBy(static cost => cost.Cost.Key);

    /// <summary>
    /// Every counter of the policy, once, with a cost of its own increment: those of sessions as the grant's, and of a
    /// limit by value the one that counts its values. Places of calls in flight come last, with no window.
    /// </summary>
    public IEnumerable<DecisionCost> Counters => Rules is null
        ? []
        : Rules.AllTools
            .SelectMany(static rule => rule.Limits)
            .Select(limit => limit.Overview(this))
            .Concat(Rules.AllTools.SelectMany(static rule => rule.Budgets)
                .Select(use => use.Charge(this, use.FixedCost).Cost).OfType<DecisionCost>())
            .Concat(Rules.AllTools.SelectMany(static rule => rule.InFlight).Select(rule => rule.Place(this)))
            .DistinctBy(static cost => cost.Cost.Key);

    /// <summary>
    /// Every enforced limit as it is charged, once: a session's as the grant's, and places of calls in flight.
    /// </summary>
    public IEnumerable<LimitCost> Limits => Rules is null
        ? []
        : Rules.AllTools.SelectMany(static rule => rule.Limits).Where(static limit => !limit.IsShadow)
            .Select(limit => limit.Charge(this, session: null, limit.FixedCost).Cost)
            .Concat(Rules.AllTools.SelectMany(static rule => rule.InFlight).Where(static rule => !rule.IsShadow)
                .Select(rule => rule.Place(this).Cost))
            .DistinctBy(static cost => cost.Key);

    /// <summary>
    /// What holds for a server's messages that answer no call; null where the policy judges no answers at all.
    /// </summary>
    public ResultRules? OtherMessages => Rules?.OtherMessages;

    /// <summary>Whether it is judged beside the one in force, on counters of its own.</summary>
    internal bool IsCandidate { get; init; }

    internal RuleSet? Rules { get; }

    internal CounterGenerations Generations { get; }

    internal NamedLists Lists { get; }

    /// <summary>A grant without a policy: every call is denied and every list is empty.</summary>
    /// <param name="grant">The grant's name.</param>
    /// <param name="server">The server's name.</param>
    public static PolicyBinding NoPolicy(string grant, string server) =>
        new(grant, server, rules: null, CounterGenerations.None, NamedLists.None);

    /// <summary>
    /// The decision for a rule that looks at no argument; the same instance each time where no session counts.
    /// </summary>
    internal PolicyDecision Admission(ToolRule rule, string? session)
    {
        if (session is not null && rule.HasSessionLimits)
            return AllowedDecision.Of(this, rule, session);

        // Two threads may both make it; they make the same, and either may stay.
        return Volatile.Read(ref _admissions) is { } known && Volatile.Read(ref known[rule.Index]) is { } made
            ? made
            : Remember(rule);
    }

    private PolicyDecision Remember(ToolRule rule)
    {
        var admission = AllowedDecision.Of(this, rule, session: null);
        var all = Volatile.Read(ref _admissions);
        if (all is null)
        {
            var made = new PolicyDecision?[Rules!.ToolRulesCount];
            all = Interlocked.CompareExchange(ref _admissions, made, null) ?? made;
        }

        Volatile.Write(ref all[rule.Index], admission);
        return admission;
    }
}
