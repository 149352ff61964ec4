namespace Gateway.Admin.Policies;

/// <summary>The effect of replacing one policy by another.</summary>
/// <param name="Differences">The differences by tool; empty if no call is decided differently.</param>
/// <param name="Changes">The changes of the document, each in the imperative.</param>
internal sealed record PolicyDiffView(
    IReadOnlyList<PolicyDifferenceView> Differences, IReadOnlyList<string> Changes);
