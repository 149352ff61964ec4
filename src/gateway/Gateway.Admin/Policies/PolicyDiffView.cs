namespace Gateway.Admin.Policies;

/// <summary>What putting one policy in the place of another does.</summary>
/// <param name="Differences">Tool by tool; none where no call is decided differently.</param>
/// <param name="Changes">What changes in the document, each as an order.</param>
internal sealed record PolicyDiffView(
    IReadOnlyList<PolicyDifferenceView> Differences, IReadOnlyList<string> Changes);
