namespace Gateway.Control.Usage.Keeping;

/// <summary>A run of a frontend: from its start to its end.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Run">One start of it, hexadecimal.</param>
/// <param name="First">When it started.</param>
/// <param name="Last">When it wrote last.</param>
/// <param name="Ended">Whether it ended in order, and nothing of it is missing.</param>
public sealed record UsageWriter(string Name, string Run, DateTimeOffset First, DateTimeOffset Last, bool Ended)
{
    /// <summary>Each run once, as the latest document has it.</summary>
    public static IReadOnlyList<UsageWriter> Latest(IEnumerable<UsageWriter> writers) =>
    [
        .. writers.GroupBy(static one => one.Run, StringComparer.Ordinal)
            .Select(static run => run.MaxBy(static one => (one.Last, one.Ended))!)
            .OrderByDescending(static one => one.Last),
    ];
}
