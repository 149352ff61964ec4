namespace Gateway.Admin.Policies;

/// <summary>A policy's evaluation of a call.</summary>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c> or <c>approval_required</c>.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Steps">The steps in the order of evaluation.</param>
/// <param name="AgentText">The text that the agent would receive; absent if the call is allowed.</param>
internal sealed record ExplainView(
    string Outcome, string Rule, IReadOnlyList<ExplainStepView> Steps, string? AgentText);

/// <summary>One step of the evaluation of a call.</summary>
/// <param name="Step">The part of the policy that was evaluated.</param>
/// <param name="Rule">Its place in the document, or a built-in name.</param>
/// <param name="Outcome"><c>pass</c>, <c>deny</c>, <c>ask</c>, the same as <c>would …</c>, or <c>count</c>.</param>
/// <param name="Said">A description in words.</param>
internal sealed record ExplainStepView(string Step, string Rule, string Outcome, string Said);
