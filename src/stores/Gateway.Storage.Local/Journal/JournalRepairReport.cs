using System.Collections.Immutable;

namespace Gateway.Storage.Local.Journal;

/// <summary>What a repair found and did.</summary>
/// <param name="Records">Batches that were whole.</param>
/// <param name="Counters">Counters that the repaired journal holds.</param>
/// <param name="Damage">Where bytes were no record: offset and length.</param>
/// <param name="BlindBeforeMs">
/// Windows that began before this are refused, all of them, because counts may be lost; null if nothing can be.
/// </param>
public sealed record JournalRepairReport(
    long Records, int Counters, ImmutableArray<(long Offset, long Length)> Damage, long? BlindBeforeMs)
{
    /// <summary>What the journal lacks of its end; null if nothing.</summary>
    public string? Missing { get; init; }

    /// <summary>The report in words.</summary>
    public override string ToString() => BlindBeforeMs is not { } blindMs
        ? $"The journal is sound: {Records} records, {Counters} counters. Nothing was changed."
        : $"{What}; {Records} records and {Counters} counters are left. The damaged file, if there was one, is kept as "
            + $"{JournalRepair.DamagedName}. Counts may be "
            + $"lost, so windows that began before {DateTimeOffset.FromUnixTimeMilliseconds(blindMs):u} are refused.";

    private string What =>
        Missing is null ? $"The journal was damaged in {Damage.Length} places ({string.Join(", ", Damage)})"
        : Damage.IsEmpty ? $"The journal {Missing}"
        : $"The journal was damaged in {Damage.Length} places ({string.Join(", ", Damage)}), and {Missing}";
}
