using Gateway.Limits.Counting;
using Gateway.Limits.Owning;

namespace Gateway.Limits.Embedded;

/// <summary>A counter in the journal's index, packed.</summary>
internal struct JournalRow(CounterKey key, JournalEntry entry) : IKeyedRow
{
    private readonly PackedRecord _record = Holds(entry.Record) ? new(entry.Record) : default;

    /// <inheritdoc/>
    public CounterKey? Key { get; } = key;

    /// <summary>Its number in the present file; 0 if it has none yet.</summary>
    public uint Number { get; set; } = entry.Number;

    /// <summary>All of it, if <see cref="Holds"/> said so of the record.</summary>
    public readonly JournalEntry Entry => new(_record.Unpack(), Number);

    /// <summary>Whether a row holds the whole record.</summary>
    public static bool Holds(Reservation record) => record.Entries is null && PackedNano.Fits(record.Reserved);
}
