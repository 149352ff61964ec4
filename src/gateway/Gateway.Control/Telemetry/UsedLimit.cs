namespace Gateway.Control.Telemetry;

/// <summary>A counter whose use is reported: of a limit of a policy, or of a budget.</summary>
/// <param name="Grant">The grant; <c>(all)</c> if all grants share it.</param>
/// <param name="Server">The server; <c>(budgets)</c> for a budget.</param>
/// <param name="Counter">The counter's name in the policy, or the budget's name.</param>
/// <param name="Window">The window.</param>
public readonly record struct UsedLimit(string Grant, string Server, string Counter, string Window);

/// <summary>The use of a limit. Figures for charts: they are rounded to 15 digits, and decide nothing.</summary>
/// <param name="Used">The highest used amount.</param>
/// <param name="Max">The maximum of the window.</param>
/// <param name="ResetAtMs">The end of the window in Unix milliseconds.</param>
public readonly record struct UsedShare(double Used, double Max, long ResetAtMs);
