namespace Gateway.Admin.Policies;

/// <summary>The results of a policy's tests.</summary>
/// <param name="Passed">The number of passed tests.</param>
/// <param name="Failed">The number of failed tests.</param>
/// <param name="Results">The results in the order of the tests.</param>
internal sealed record PolicyTestView(int Passed, int Failed, IReadOnlyList<PolicyTestResultView> Results);
