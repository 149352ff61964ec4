namespace Gateway.Audit.Reporting;

/// <summary>A counter of a grant.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Server">The server.</param>
/// <param name="Counter">The counter's name in the policy.</param>
/// <param name="Calls">Calls that counted on it.</param>
/// <param name="Spent">What they took, less what was given back: calls, or the amounts of a cost.</param>
/// <param name="Refused">Calls that it refused: it binds where that is not 0.</param>
/// <param name="Peak">The fullest it was, as a part of its maximum.</param>
public sealed record ReportedLimit(
    string Grant, string Server, string Counter, long Calls, decimal Spent, long Refused, double Peak);
