namespace Gateway.Hosting.Commands.Remote;

/// <summary>A decision in the audit log, as far as a draft of a policy needs it.</summary>
/// <param name="Time">The instant of the decision.</param>
/// <param name="Server">The server.</param>
/// <param name="Method">The method of MCP.</param>
/// <param name="Tool">The tool; null for other methods.</param>
/// <param name="Name">The prompt or resource; null for tools.</param>
/// <param name="NameSha256">The hash of a name that was cut; null if it is whole.</param>
/// <param name="Outcome">The decision.</param>
internal sealed record LoggedDecision(
    DateTimeOffset Time, string Server, string? Method, string? Tool, string? Name, string? NameSha256,
    string? Outcome);
