using Gateway.Limits.Model;
using Gateway.Policy.Apps;
using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Recording;
using Gateway.Policy.Results;

namespace Gateway.Policy.Rules;

/// <summary>One policy for one grant on one server, with the identities of its counters. Safe to share.</summary>
public sealed class PolicyBinding
{
    // Created and filled on first use: a policy of ten thousand entries bound to many grants costs only as much as the
    // called tools.
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

    /// <summary>
    /// False if the grant has no policy on the server; then only empty lists and messages that open or check a
    /// connection are allowed.
    /// </summary>
    public bool HasPolicy => Rules is not null;

    /// <summary>True if the policy has limits per session.</summary>
    public bool HasSessionLimits => Rules is { HasSessionLimits: true };

    /// <summary>True if a rule depends on the instant of a decision.</summary>
    public bool ReadsTime => Rules is { ReadsTime: true };

    /// <summary>True if a rule depends on who calls.</summary>
    public bool ReadsCaller => Rules is { ReadsCaller: true };

    /// <summary>True if a rule depends on headers that a trusted proxy sends.</summary>
    public bool ReadsHeaders => Rules is { ReadsHeaders: true };

    /// <summary>True if decisions depend on the accepted class of a tool.</summary>
    public bool HasClasses => Rules is { Names.HasClasses: true };

    /// <summary>True if the acceptance of a tool decides whether it is denied and hidden from lists.</summary>
    public bool DeniesUnaccepted => Rules is { DeniesUnaccepted: true };

    /// <summary>True if a call may wait as a task.</summary>
    public bool MayWait => Rules is { MayWait: true };

    /// <summary>The values of arguments to record for replay; null for none.</summary>
    public ArgumentRecording? Recording => Rules?.Recording;

    /// <summary>True if the agent may read the usage of its own limits.</summary>
    public bool ShowsLimits => Rules is { ShowsLimits: true };

    /// <summary>
    /// Returns true if an extension of MCP passes. Any other is removed from the capabilities of both sides.
    /// </summary>
    public bool Passes(string extension) => Rules is { } rules && rules.Extensions?.Contains(extension) != false;

    /// <summary>The bounds of apps; null if they pass as the server declares them.</summary>
    public AppRules? Apps => Rules?.Apps;

    /// <summary>
    /// Returns each enforced limit's counter once, as a call in this session would be counted. Counters of single
    /// values and slots of calls in flight are omitted.
    /// </summary>
    public IEnumerable<DecisionCost> OwnCounters(string? session) => Rules is null
        ? []
        : Rules.AllTools.SelectMany(static rule => rule.Limits)
            .Where(static limit => !limit.IsShadow && !limit.CountsValues)
            .Select(limit => limit.Charge(this, session, limit.FixedCost))
            .DistinctBy(static cost => cost.Cost.Key);

    /// <summary>
    /// Every counter of the policy once, with its own increment as the cost. Session counters count for the grant, and
    /// a limit by value is represented by the counter of its values. Slots of calls in flight come last, without a
    /// window.
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
    /// The cost of every enforced limit once, session limits as the grant's, including slots of calls in flight.
    /// </summary>
    public IEnumerable<LimitCost> Limits => Rules is null
        ? []
        : Rules.AllTools.SelectMany(static rule => rule.Limits).Where(static limit => !limit.IsShadow)
            .Select(limit => limit.Charge(this, session: null, limit.FixedCost).Cost)
            .Concat(Rules.AllTools.SelectMany(static rule => rule.InFlight).Where(static rule => !rule.IsShadow)
                .Select(rule => rule.Place(this).Cost))
            .DistinctBy(static cost => cost.Key);

    /// <summary>
    /// The rules for a server's messages that are not responses to a call; null if the policy evaluates no responses.
    /// </summary>
    public ResultRules? OtherMessages => Rules?.OtherMessages;

    /// <summary>True if the policy is evaluated beside the one in effect, on its own counters.</summary>
    internal bool IsCandidate { get; init; }

    internal RuleSet? Rules { get; }

    internal CounterGenerations Generations { get; }

    internal NamedLists Lists { get; }

    /// <summary>
    /// Returns the binding of a grant without a policy: every call is denied and every list is empty.
    /// </summary>
    /// <param name="grant">The grant's name.</param>
    /// <param name="server">The server's name.</param>
    public static PolicyBinding NoPolicy(string grant, string server) =>
        new(grant, server, rules: null, CounterGenerations.None, NamedLists.None);

    /// <summary>
    /// Returns the decision for a rule that reads neither arguments nor the caller; the same instance each time if no
    /// limit counts per session.
    /// </summary>
    internal PolicyDecision Admission(ToolRule rule, in PolicyCall call)
    {
        if (call.SessionId is not null && rule.HasSessionLimits)
            return AllowedDecision.Of(this, rule, call);

        // Two threads may both create it; the results are equal, and either may stay.
        return Volatile.Read(ref _admissions) is { } known && Volatile.Read(ref known[rule.Index]) is { } made
            ? made
            : Remember(rule);
    }

    private PolicyDecision Remember(ToolRule rule)
    {
        var admission = AllowedDecision.Of(this, rule, default(PolicyCall));
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
