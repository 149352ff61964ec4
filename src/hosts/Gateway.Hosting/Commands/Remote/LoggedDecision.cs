namespace Gateway.Hosting.Commands.Remote;

/// <summary>Values of an audit record that a draft of a policy uses.</summary>
/// <param name="Time">The instant of the decision.</param>
/// <param name="Server">The server.</param>
/// <param name="Method">The method of MCP.</param>
/// <param name="Tool">The tool; null for other methods.</param>
/// <param name="Name">The prompt or resource; null for tools.</param>
/// <param name="NameSha256">The hash of a truncated name; null if the name is complete.</param>
/// <param name="Outcome">The decision.</param>
/// <param name="ApprovalId">The approval that the call used up; null if there is none.</param>
/// <param name="StandingApprovalId">The standing approval that covered the call; null if there is none.</param>
internal sealed record LoggedDecision(
    DateTimeOffset Time, string Server, string? Method, string? Tool, string? Name, string? NameSha256,
    string? Outcome, string? ApprovalId = null, string? StandingApprovalId = null);
