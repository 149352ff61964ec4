namespace Gateway.Admin.Policies;

/// <summary>The result of one test; the members are those of <c>gateway policy test --json</c>.</summary>
/// <param name="Case">Its name, or its number and tool.</param>
/// <param name="Ok">True if every call got the expected decision.</param>
/// <param name="Wanted">The expected decision.</param>
/// <param name="Got">The actual decision.</param>
/// <param name="Reason">The reason for the decision; empty if the call was allowed.</param>
/// <param name="File">The file of the test: the policy, or the tests beside it.</param>
/// <param name="Line">The line of the test there.</param>
/// <param name="Pointer">The place of the test as a JSON Pointer.</param>
internal sealed record PolicyTestResultView(
    string Case, bool Ok, string Wanted, string Got, string Reason, string File, int Line, string Pointer);
