namespace Gateway.Audit.Reporting;

/// <summary>A counter of a grant, or a budget that a grant or a service charged.</summary>
/// <param name="Grant">The grant, or <c>service:NAME</c>.</param>
/// <param name="Server">The server; <c>(budgets)</c> for a service.</param>
/// <param name="Counter">The counter's name in the policy, or the budget's name.</param>
/// <param name="Calls">Number of calls or charges that it counted.</param>
/// <param name="Spent">Charges less refunds: a number of calls, or an amount of a cost.</param>
/// <param name="Refused">Number of calls that it refused; if this is not 0, the limit is effective.</param>
/// <param name="Peak">Highest use, as a fraction of the maximum.</param>
public sealed record ReportedLimit(
    string Grant, string Server, string Counter, long Calls, decimal Spent, long Refused, double Peak);
