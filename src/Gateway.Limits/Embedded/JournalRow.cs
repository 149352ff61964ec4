using Gateway.Limits.Counting;
using Gateway.Limits.Owning;

namespace Gateway.Limits.Embedded;

/// <summary>A counter in the journal's index, packed.</summary>
internal struct JournalRow(CounterKey key) : IKeyedRow
{
    private PackedRecord _record;

    /// <inheritdoc/>
    public CounterKey? Key { get; } = key;

    /// <summary>The marks of the files that have its key.</summary>
    public byte Marks { get; set; }

    /// <summary>Its record, if a row <see cref="Holds"/> it.</summary>
    public Reservation Record
    {
        readonly get => _record.Unpack();
        set => _record = new PackedRecord(value);
    }

    /// <summary>Whether a row holds the whole record.</summary>
    public static bool Holds(Reservation record) => record.Entries is null && PackedNano.Fits(record.Reserved);
}
