namespace Gateway.Policy.Explaining;

/// <summary>One step of the evaluation of a call.</summary>
/// <param name="Name">The kind of step: <c>hide</c>, <c>entry</c>, <c>names</c>, <c>condition</c> …</param>
/// <param name="Rule">JSON Pointer to the rule, or a built-in name.</param>
/// <param name="Outcome">
/// <c>pass</c>, <c>deny</c>, <c>ask</c>, <c>would deny</c> or <c>would ask</c> (in shadow), or <c>count</c>.
/// </param>
/// <param name="Said">The step in words.</param>
public sealed record PolicyStep(string Name, string Rule, string Outcome, string Said);
