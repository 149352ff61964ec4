namespace Gateway.Admin.Policies;

/// <summary>What a policy does with a call.</summary>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c> or <c>approval_required</c>.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Steps">What was looked at, in the order of evaluation.</param>
/// <param name="AgentText">What the agent would read; absent where the call is allowed.</param>
internal sealed record ExplainView(
    string Outcome, string Rule, IReadOnlyList<ExplainStepView> Steps, string? AgentText);
