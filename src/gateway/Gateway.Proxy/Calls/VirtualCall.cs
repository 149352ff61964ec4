using Gateway.Control.Virtual;
using Gateway.Policy;
using Gateway.Policy.Decisions;

namespace Gateway.Proxy.Calls;

/// <summary>
/// What the agent asked for, where its call was rebuilt: a virtual tool with arguments of its own, or a tool that only
/// virtual ones stand for.
/// </summary>
/// <param name="Name">The name that the agent called.</param>
/// <param name="Arguments">The arguments that the agent gave.</param>
/// <param name="Tool">The virtual tool; null where the name is one that only virtual tools stand for.</param>
internal sealed record VirtualCall(string Name, ReadOnlyMemory<byte> Arguments, VirtualTool? Tool)
{
    private const string Rule = "(virtual tool)";

    /// <summary>The tools of the grant are others than those that the call was rebuilt by.</summary>
    public static PolicyDecision Changed { get; } = new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = Rule,
        Reason = "the operator has changed the tools of this grant meanwhile",
        NextStep = "List the tools again, then call.",
    };

    private static readonly PolicyDecision Covered = new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = Rule,
        Reason = "this grant has the tool under another name only",
        NextStep = "List the tools and call the one that is there.",
    };

    /// <summary>Why the call is refused, whatever the policy says of what it became; null where it is not.</summary>
    public PolicyDecision? Refused()
    {
        if (Tool is null)
            return Covered;
        var decision = PolicyEngine.Decide(Tool.Check, PolicyCall.OfTool(Tool.Name, Arguments));
        return decision.Outcome == DecisionOutcome.Allow ? null : decision with { Rule = Rule };
    }

    /// <summary>What it takes for a moment to decide on large arguments, in bytes.</summary>
    public long JudgingBytes() =>
        Tool is null ? 0 : PolicyEngine.JudgingBytes(Tool.Check, PolicyCall.OfTool(Tool.Name, Arguments));
}
