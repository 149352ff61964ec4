namespace Gateway.Admin.Policies;

/// <summary>A policy's evaluation of a call.</summary>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c> or <c>approval_required</c>.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Steps">The steps in the order of evaluation.</param>
/// <param name="AgentText">The text that the agent would receive; absent if the call is allowed.</param>
internal sealed record ExplainView(
    string Outcome, string Rule, IReadOnlyList<ExplainStepView> Steps, string? AgentText);
