namespace Gateway.Admin.Policies;

/// <summary>One step of the evaluation of a call.</summary>
/// <param name="Step">What was looked at.</param>
/// <param name="Rule">Where it stands in the document, or a built-in name.</param>
/// <param name="Outcome"><c>pass</c>, <c>deny</c>, <c>ask</c>, the same as <c>would …</c>, or <c>count</c>.</param>
/// <param name="Said">In words.</param>
internal sealed record ExplainStepView(string Step, string Rule, string Outcome, string Said);
