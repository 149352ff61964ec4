namespace Gateway.Limits.Model;

/// <summary>What an engine has done with its store since it was opened, for metrics.</summary>
/// <param name="CountersInMemory">Counters that this process owns now.</param>
/// <param name="Reads">Records read, and those of which the store did not answer.</param>
/// <param name="Writes">Reservations and hand-backs that the store took.</param>
/// <param name="Conflicts">Writes that came after another owner's.</param>
/// <param name="Unknown">Writes whose outcome was not known; what they asked for may be wasted.</param>
/// <param name="ReadsFailed">Reads that the store did not answer.</param>
/// <param name="CountersMax">The most counters that this process may own; 0 where it owns none.</param>
/// <param name="CountersRefused">New counters that were refused because that, or a grant's share, was reached.</param>
public readonly record struct LimiterStatistics(
    int CountersInMemory, long Reads, long Writes, long Conflicts, long Unknown, long ReadsFailed = 0,
    int CountersMax = 0, long CountersRefused = 0);
