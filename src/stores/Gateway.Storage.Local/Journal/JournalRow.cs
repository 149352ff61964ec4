using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// A counter in the journal's index, packed. Everything this engine writes fits, except very large numbers.
/// </summary>
internal struct JournalRow(CounterKey key) : ICompactRow
{
    private const int SecondMs = 1000;

    private ulong _nonce;
    private ulong _reserved;
    private uint _windowStartSecond;

    /// <inheritdoc/>
    public CounterKey? Key { get; } = key;

    /// <summary>The marks of the files that contain its key.</summary>
    public byte Marks { get; set; }

    /// <summary>The record, if a row <see cref="Holds"/> it.</summary>
    public Reservation Record
    {
        readonly get => new((long)_windowStartSecond * SecondMs, _reserved, _nonce);
        set
        {
            _windowStartSecond = checked((uint)(value.WindowStartMs / SecondMs));
            (_reserved, _nonce) = (checked((ulong)value.Reserved), checked((ulong)value.Nonce));
        }
    }

    /// <summary>
    /// Returns true if a row can hold the whole record: one without entries, of at most 18 billion units, and without
    /// the longer nonces of other stores and earlier releases.
    /// </summary>
    public static bool Holds(Reservation record) =>
        record.Entries is null
        && record.Nonce <= ulong.MaxValue
        && record.Reserved >= 0 && record.Reserved <= ulong.MaxValue
        && record.WindowStartMs is >= 0 and <= (long)uint.MaxValue * SecondMs
        && record.WindowStartMs % SecondMs == 0;
}
