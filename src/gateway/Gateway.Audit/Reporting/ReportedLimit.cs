namespace Gateway.Audit.Reporting;

/// <summary>A counter of a grant.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Server">The server.</param>
/// <param name="Counter">The counter's name in the policy.</param>
/// <param name="Calls">Number of calls that it counted.</param>
/// <param name="Spent">Charges less refunds: a number of calls, or an amount of a cost.</param>
/// <param name="Refused">Number of calls that it refused; if this is not 0, the limit is effective.</param>
/// <param name="Peak">Highest use, as a fraction of the maximum.</param>
public sealed record ReportedLimit(
    string Grant, string Server, string Counter, long Calls, decimal Spent, long Refused, double Peak);
