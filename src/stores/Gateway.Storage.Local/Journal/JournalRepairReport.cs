using System.Collections.Immutable;

namespace Gateway.Storage.Local.Journal;

/// <summary>The findings and actions of a repair.</summary>
/// <param name="Records">Number of intact batches.</param>
/// <param name="Counters">Number of counters in the repaired journal.</param>
/// <param name="Damage">Offset and length of each damaged range.</param>
/// <param name="BlindBeforeMs">
/// All windows that began before this time are refused, because counts may be lost; null if no counts can be lost.
/// </param>
public sealed record JournalRepairReport(
    long Records, int Counters, ImmutableArray<(long Offset, long Length)> Damage, long? BlindBeforeMs)
{
    /// <summary>Description of what is missing at the journal's end; null if nothing is.</summary>
    public string? Missing { get; init; }

    /// <summary>Returns the report in words.</summary>
    public override string ToString() => BlindBeforeMs is not { } blindMs
        ? $"The journal is sound: {Records} records, {Counters} counters. Nothing was changed."
        : $"{What}; {Records} records and {Counters} counters remain. The damaged file, if there was one, is kept as "
            + $"{JournalRepair.DamagedName}. Counts may be "
            + $"lost, so calls in windows that began before {DateTimeOffset.FromUnixTimeMilliseconds(blindMs):s}Z are "
            + "refused.";

    private string What =>
        Missing is null ? $"The journal was damaged ({Places})"
        : Damage.IsEmpty ? $"The journal {Missing}"
        : $"The journal was damaged ({Places}), and {Missing}";

    private string Places =>
        string.Join(", ", Damage.Select(static one => $"{one.Length} bytes at offset {one.Offset}"));
}
