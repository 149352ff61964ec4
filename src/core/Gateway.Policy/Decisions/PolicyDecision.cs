using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Documents;
using Gateway.Policy.Results;
using Gateway.Policy.Text;

namespace Gateway.Policy.Decisions;

/// <summary>
/// A policy's decision on one call, with the rule and the reason. Immutable; often one shared instance.
/// </summary>
public sealed record PolicyDecision
{
    /// <summary>The outcome for the call.</summary>
    public required DecisionOutcome Outcome { get; init; }

    /// <summary>A JSON Pointer into the document, or a built-in name in parentheses such as <c>(hidden)</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>The reason, for the agent and the record; empty if the call is allowed.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The agent's next step, as a sentence; empty if the call is allowed.</summary>
    public string NextStep { get; init; } = "";

    /// <summary>
    /// The costs to take, all or none, in the order of the document: <c>all_tools</c>, then the entry.
    /// </summary>
    public ImmutableArray<DecisionCost> Costs { get; init; } = [];

    /// <summary>The costs in the form for the engine, with the same indexes as <see cref="Costs"/>.</summary>
    public ImmutableArray<LimitCost> LimitCosts { get; init; } = [];

    /// <summary>True if a counter of <see cref="Costs"/> triggers notifications about its usage.</summary>
    public bool Notifies { get; init; }

    /// <summary>
    /// Costs of limits in shadow mode, on separate counters. They are taken separately, and a refusal is only recorded.
    /// </summary>
    public ImmutableArray<DecisionCost> ShadowCosts { get; init; } = [];

    /// <summary>The shadow costs in the form for the engine.</summary>
    public ImmutableArray<LimitCost> ShadowLimitCosts { get; init; } = [];

    /// <summary>
    /// The slots that the call takes while it is open, in addition to its costs: all or none. They are given back when
    /// the server has responded.
    /// </summary>
    public ImmutableArray<DecisionCost> InFlight { get; init; } = [];

    /// <summary>The slots of rules in shadow mode, on separate counters.</summary>
    public ImmutableArray<DecisionCost> ShadowInFlight { get; init; } = [];

    /// <summary>
    /// The terms of the approval; null unless the outcome, or the one that shadow mode suppressed, is an ask.
    /// </summary>
    public ApprovalTerms? Approval { get; init; }

    /// <summary>
    /// SHA-256 of the rules that require approval, as written: the tool's entry and <c>all_tools</c>. Null unless
    /// approval is required.
    /// </summary>
    public string? RuleSha256 { get; init; }

    /// <summary>Number of free retries with requested input after this call.</summary>
    public int Rounds { get; init; } = PolicyBounds.RoundsDefault;

    /// <summary>The rules for the response; null if it passes unchanged.</summary>
    public ResultRules? Results { get; init; }

    /// <summary>The decision that would have been made without shadow mode; null if it is the same.</summary>
    public PolicyDecision? Shadow { get; init; }

    /// <summary>True if the response is error -32601, regardless of the policy.</summary>
    public bool IsMethodNotFound { get; init; }

    /// <summary>True if the call goes on only because the rule that stops it is in shadow mode.</summary>
    public bool IsShadow => Shadow is not null;

    /// <summary>The text for the model: <c>Policy violation: reason. Next step.</c></summary>
    public string AgentText => PolicyText.Violation(Reason, NextStep);
}

/// <summary>The outcome of a decision on a call, before its limits are checked.</summary>
public enum DecisionOutcome
{
    /// <summary>The call may go on once every cost has been taken.</summary>
    Allow,

    /// <summary>The call is refused.</summary>
    Deny,

    /// <summary>A person has to approve exactly this call; its costs are taken after that.</summary>
    Ask,
}

/// <summary>The cost of a call on one limit.</summary>
/// <param name="Cost">The counter, its maximum and the amount, in the form for the engine.</param>
/// <param name="Rule">JSON Pointer to the limit.</param>
/// <param name="Counter">The counter's name as written.</param>
/// <param name="Window">The normalized window.</param>
/// <param name="WindowText">The window as written in the document: <c>minute</c>, <c>60</c>, <c>15m</c>.</param>
public readonly record struct DecisionCost(
    LimitCost Cost, string Rule, string Counter, Window Window, string WindowText)
{
    /// <summary>
    /// The terms that few limits have; null for none. One reference, because stages keep copies of costs.
    /// </summary>
    public CostTerms? Terms { get; init; }

    /// <summary>The shares of the maximum that trigger a notification; empty or default for none.</summary>
    public ImmutableArray<NotifyShare> NotifyAt => Terms?.NotifyAt ?? [];

    /// <summary>
    /// The time for which a call that the counter has no room for may wait as a task; zero refuses it at once.
    /// </summary>
    public TimeSpan Wait => Terms?.Wait ?? TimeSpan.Zero;

    /// <summary>The counters that this one counts; null if it counts calls or amounts.</summary>
    public CountedEach? Each => Terms?.Each;
}

/// <summary>The terms that few limits have.</summary>
/// <param name="NotifyAt">The shares of the maximum that trigger a notification.</param>
/// <param name="Wait">The time for which a call may wait for room.</param>
public sealed record CostTerms(ImmutableArray<NotifyShare> NotifyAt, TimeSpan Wait)
{
    /// <summary>The counters that an overview counts; null for the cost of a call.</summary>
    public CountedEach? Each { get; init; }

    /// <summary>Returns the terms; null if there are none.</summary>
    public static CostTerms? Of(ImmutableArray<NotifyShare> notifyAt, TimeSpan wait) =>
        notifyAt.IsDefaultOrEmpty && wait == TimeSpan.Zero ? null : new(notifyAt, wait);
}

/// <summary>The counters of a limit that counts each person or value separately.</summary>
/// <param name="Of">The kind that has its own counter, in words, such as <c>person</c> or <c>args.to</c>.</param>
/// <param name="Max">The maximum of each counter in one window.</param>
public sealed record CountedEach(string Of, Amount Max);
