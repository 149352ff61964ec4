namespace Gateway.Policy.Explaining;

/// <summary>One step of the evaluation of a call.</summary>
/// <param name="Name">What was looked at: <c>hide</c>, <c>entry</c>, <c>names</c>, <c>condition</c> …</param>
/// <param name="Rule">Where it stands in the document, or a built-in name.</param>
/// <param name="Outcome">
/// <c>pass</c>, <c>deny</c>, <c>ask</c>, <c>would deny</c> or <c>would ask</c> (in shadow), or <c>count</c>.
/// </param>
/// <param name="Said">In words.</param>
public sealed record PolicyStep(string Name, string Rule, string Outcome, string Said);
