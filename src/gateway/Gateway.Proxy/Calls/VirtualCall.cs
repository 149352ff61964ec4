using Gateway.Control.Virtual;
using Gateway.Policy;
using Gateway.Policy.Decisions;

namespace Gateway.Proxy.Calls;

/// <summary>
/// The call that the agent made, if it was rebuilt: a call of a virtual tool with its own arguments, or of a tool that
/// only virtual tools represent.
/// </summary>
/// <param name="Name">The name that the agent called.</param>
/// <param name="Arguments">The arguments that the agent gave.</param>
/// <param name="Tool">The virtual tool; null if the name is one that only virtual tools represent.</param>
internal sealed record VirtualCall(string Name, ReadOnlyMemory<byte> Arguments, VirtualTool? Tool)
{
    private const string Rule = "(virtual tool)";

    /// <summary>The refusal of a call whose grant's tools have changed since it was rebuilt.</summary>
    public static PolicyDecision Changed { get; } = new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = Rule,
        Reason = "the operator changed the tools of this grant during the call",
        NextStep = "List the tools again, then call.",
    };

    private static readonly PolicyDecision Covered = new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = Rule,
        Reason = "this grant offers the tool only under another name",
        NextStep = "List the tools, and call the tool by its listed name.",
    };

    /// <summary>
    /// Returns the refusal of the call, regardless of the policy's decision on the rebuilt call; null if there is none.
    /// </summary>
    public PolicyDecision? Refused()
    {
        if (Tool is null)
            return Covered;
        var decision = PolicyEngine.Decide(Tool.Check, PolicyCall.OfTool(Tool.Name, Arguments));
        return decision.Outcome == DecisionOutcome.Allow ? null : decision with { Rule = Rule };
    }

    /// <summary>Returns the temporary memory for deciding on large arguments, in bytes.</summary>
    public long EvaluationBytes() =>
        Tool is null ? 0 : PolicyEngine.EvaluationBytes(Tool.Check, PolicyCall.OfTool(Tool.Name, Arguments));
}
