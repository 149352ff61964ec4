namespace Gateway.Audit.Replaying;

/// <summary>A recorded call for which the replay reaches another decision.</summary>
/// <param name="Time">Time of the recorded decision.</param>
/// <param name="CallId">Call id of the record.</param>
/// <param name="Grant">The grant.</param>
/// <param name="Server">The server.</param>
/// <param name="Method">The JSON-RPC method.</param>
/// <param name="Tool">The tool or other name in the call; null if it had none.</param>
/// <param name="Before">The recorded decision.</param>
/// <param name="After">The replayed decision.</param>
public sealed record ReplayChange(
    string Time, string CallId, string Grant, string Server, string Method, string? Tool, ReplayedDecision Before,
    ReplayedDecision After);
