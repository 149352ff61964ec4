namespace Gateway.Audit.Replaying;

/// <summary>A recorded call that would be decided otherwise.</summary>
/// <param name="Time">When it was decided.</param>
/// <param name="CallId">Names its record.</param>
/// <param name="Grant">The grant.</param>
/// <param name="Server">The server.</param>
/// <param name="Method">The JSON-RPC method.</param>
/// <param name="Tool">The tool, or what else it named; null where it named nothing.</param>
/// <param name="Before">What became of it.</param>
/// <param name="After">What would.</param>
public sealed record ReplayChange(
    string Time, string CallId, string Grant, string Server, string Method, string? Tool, ReplayedDecision Before,
    ReplayedDecision After);
