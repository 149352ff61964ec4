namespace Gateway.Control.Usage.Keeping;

/// <summary>A run of a frontend: from its start to its end.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Run">The id of one start of it, hexadecimal.</param>
/// <param name="First">The time of its start.</param>
/// <param name="Last">The time of its last write.</param>
/// <param name="Ended">True after an orderly end, so that no figures are missing.</param>
public sealed record UsageWriter(string Name, string Run, DateTimeOffset First, DateTimeOffset Last, bool Ended)
{
    /// <summary>Returns each run once, as in its latest document.</summary>
    public static IReadOnlyList<UsageWriter> Latest(IEnumerable<UsageWriter> writers) =>
    [
        .. writers.GroupBy(static one => one.Run, StringComparer.Ordinal)
            .Select(static run => run.MaxBy(static one => (one.Last, one.Ended))!)
            .OrderByDescending(static one => one.Last),
    ];
}
