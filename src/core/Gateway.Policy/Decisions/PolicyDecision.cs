using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Documents;
using Gateway.Policy.Results;
using Gateway.Policy.Text;

namespace Gateway.Policy.Decisions;

/// <summary>What a policy says about one call, by which rule, and why. Immutable; often one shared instance.</summary>
public sealed record PolicyDecision
{
    /// <summary>What to do with the call.</summary>
    public required DecisionOutcome Outcome { get; init; }

    /// <summary>A JSON Pointer into the document, or a built-in name in parentheses such as <c>(hidden)</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>Why, for the agent and the record; empty where the call is allowed.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the agent can do about it, as a sentence; empty where the call is allowed.</summary>
    public string NextStep { get; init; } = "";

    /// <summary>
    /// What is to be taken, all or none, in the order of the document: <c>all_tools</c>, then the entry.
    /// </summary>
    public ImmutableArray<DecisionCost> Costs { get; init; } = [];

    /// <summary>The costs as the engine takes them; the index is that of <see cref="Costs"/>.</summary>
    public ImmutableArray<LimitCost> LimitCosts { get; init; } = [];

    /// <summary>Whether people are told of how far a counter of <see cref="Costs"/> is used.</summary>
    public bool Notifies { get; init; }

    /// <summary>
    /// Costs of limits in shadow, on counters of their own: taken apart, and a refusal only recorded.
    /// </summary>
    public ImmutableArray<DecisionCost> ShadowCosts { get; init; } = [];

    /// <summary>The shadow costs as the engine takes them.</summary>
    public ImmutableArray<LimitCost> ShadowLimitCosts { get; init; } = [];

    /// <summary>
    /// The places that the call takes while it is open, beside its costs: all or none. They are given back when the
    /// server has answered.
    /// </summary>
    public ImmutableArray<DecisionCost> InFlight { get; init; } = [];

    /// <summary>Those in shadow, on counters of their own.</summary>
    public ImmutableArray<DecisionCost> ShadowInFlight { get; init; } = [];

    /// <summary>How a person is asked; null unless the outcome, or what shadow mode suppressed, is an ask.</summary>
    public ApprovalTerms? Approval { get; init; }

    /// <summary>
    /// SHA-256 of what asks, as it is written: the tool's entry and <c>all_tools</c>. Null unless a person is asked.
    /// </summary>
    public string? RuleSha256 { get; init; }

    /// <summary>How many retries with the input that the server asks for go free after this call.</summary>
    public int Rounds { get; init; } = PolicyBounds.RoundsDefault;

    /// <summary>What holds for the answer; null where it passes as it is.</summary>
    public ResultRules? Results { get; init; }

    /// <summary>What would have happened, were the rule not in shadow mode; null where nothing would have.</summary>
    public PolicyDecision? Shadow { get; init; }

    /// <summary>The method is answered with -32601, whatever the policy says.</summary>
    public bool IsMethodNotFound { get; init; }

    /// <summary>The call goes on only because the rule that stops it is in shadow mode.</summary>
    public bool IsShadow => Shadow is not null;

    /// <summary>The text for the model: <c>Policy violation: reason. What to do next.</c></summary>
    public string AgentText => PolicyText.Violation(Reason, NextStep);
}
