namespace Gateway.Limits.Model;

/// <summary>Statistics of an engine's use of its store since it was opened, for metrics.</summary>
/// <param name="CountersInMemory">Counters that this process owns now.</param>
/// <param name="Reads">Reads, including those to which the store did not respond.</param>
/// <param name="Writes">Reservations and returns that the store applied.</param>
/// <param name="Conflicts">Writes that lost to another owner's write.</param>
/// <param name="Unknown">Writes with an unknown outcome; the numbers that they requested may be wasted.</param>
/// <param name="ReadsFailed">Reads to which the store did not respond.</param>
/// <param name="CountersMax">Maximum number of counters that this process may own; 0 if it owns none.</param>
/// <param name="CountersRefused">
/// New counters that were refused because that maximum, or a grant's share, was reached.
/// </param>
public readonly record struct LimiterStatistics(
    int CountersInMemory, long Reads, long Writes, long Conflicts, long Unknown, long ReadsFailed = 0,
    int CountersMax = 0, long CountersRefused = 0);
