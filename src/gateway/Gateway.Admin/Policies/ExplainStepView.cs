namespace Gateway.Admin.Policies;

/// <summary>One step of the evaluation of a call.</summary>
/// <param name="Step">The part of the policy that was evaluated.</param>
/// <param name="Rule">Its place in the document, or a built-in name.</param>
/// <param name="Outcome"><c>pass</c>, <c>deny</c>, <c>ask</c>, the same as <c>would …</c>, or <c>count</c>.</param>
/// <param name="Said">A description in words.</param>
internal sealed record ExplainStepView(string Step, string Rule, string Outcome, string Said);
