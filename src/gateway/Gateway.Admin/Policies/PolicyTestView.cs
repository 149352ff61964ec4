namespace Gateway.Admin.Policies;

/// <summary>What a policy's tests came to.</summary>
/// <param name="Passed">How many passed.</param>
/// <param name="Failed">How many did not.</param>
/// <param name="Results">Each in its order.</param>
internal sealed record PolicyTestView(int Passed, int Failed, IReadOnlyList<PolicyTestResultView> Results);
