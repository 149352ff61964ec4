namespace Gateway.Admin.Backtesting;

/// <summary>A requested frontend that sent no record.</summary>
/// <param name="Frontend">Its address.</param>
/// <param name="Why">The reason.</param>
internal sealed record BacktestAway(string Frontend, string Why);
