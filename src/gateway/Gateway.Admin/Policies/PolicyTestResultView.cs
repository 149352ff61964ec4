namespace Gateway.Admin.Policies;

/// <summary>What became of one test; the members are those of <c>gateway policy test --json</c>.</summary>
/// <param name="Case">Its name, or its number and tool.</param>
/// <param name="Ok">Whether every call got the decision that it must get.</param>
/// <param name="Wanted">That decision.</param>
/// <param name="Got">The one that it got.</param>
/// <param name="Reason">Why that was decided; empty where it was allowed.</param>
/// <param name="File">The policy, or the tests beside it.</param>
/// <param name="Line">Where it stands there.</param>
/// <param name="Pointer">The same as a JSON Pointer.</param>
internal sealed record PolicyTestResultView(
    string Case, bool Ok, string Wanted, string Got, string Reason, string File, int Line, string Pointer);
