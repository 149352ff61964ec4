namespace Gateway.Admin.Backtesting;

/// <summary>A frontend that was named and sent no record.</summary>
/// <param name="Frontend">Its address.</param>
/// <param name="Why">What was wrong.</param>
internal sealed record BacktestAway(string Frontend, string Why);
