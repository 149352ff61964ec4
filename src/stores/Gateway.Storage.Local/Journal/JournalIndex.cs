using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>The records of all counters of a journal, by key and by row.</summary>
internal sealed class JournalIndex : IEnumerable<KeyValuePair<CounterKey, Reservation>>
{
    private readonly CompactTable<JournalRow> _rows = new();

    /// <summary>
    /// Records that a row cannot hold: those with entries, and those that no owner of this release writes.
    /// </summary>
    private readonly Dictionary<CounterKey, Reservation> _wide = [];

    private readonly SessionTotals _sessions = new();

    public int Count => _rows.Count;

    /// <summary>One past the last row; rows before it may be empty.</summary>
    public int End => _rows.End;

    /// <summary>Gets the record of an existing counter; sets or adds a record.</summary>
    public Reservation this[CounterKey key]
    {
        get => TryGetValue(key, out var record) ? record : throw new KeyNotFoundException(key.Text);
        set
        {
            var row = Find(key);
            if (row < 0) Add(key, value);
            else Set(row, value);
        }
    }

    /// <summary>
    /// Returns the number that replaces the key of the counter in this row, in a file that contains the key.
    /// </summary>
    public static uint NumberOf(int row) => (uint)row + 1;

    /// <summary>
    /// Returns the row of a counter, which never changes while the counter exists; -1 if there is none.
    /// </summary>
    public int Find(CounterKey key) => _rows.Find(key);

    /// <summary>Returns the counter in this row; null if there is none.</summary>
    public CounterKey? KeyAt(int row) => _rows[row].Key;

    /// <summary>Returns the record of the counter in this row.</summary>
    public Reservation RecordAt(int row) =>
        _wide.Count > 0 && _wide.TryGetValue(_rows[row].Key!, out var record) ? record : _rows[row].Record;

    public void Set(int row, Reservation record)
    {
        var key = _rows[row].Key!;
        if (JournalRow.Holds(record)) _wide.Remove(key);
        else _wide[key] = record;
        _rows[row].Record = JournalRow.Holds(record) ? record : default;
    }

    /// <summary>Returns true if a new counter is within these bounds.</summary>
    public bool HasRoom(CounterKey key, CounterBounds bounds) => _sessions.HasRoom(key, Count, bounds);

    /// <summary>Adds a new counter and returns its row.</summary>
    public int Add(CounterKey key, Reservation record)
    {
        var row = _rows.Add(new JournalRow(key));
        _sessions.Add(key);
        Set(row, record);
        return row;
    }

    /// <summary>
    /// Marks the counter in this row with a file that contains its key; returns true if it had the mark already.
    /// </summary>
    public bool TryMark(int row, byte mark)
    {
        ref var marked = ref _rows[row];
        var isMarked = (marked.Marks & mark) != 0;
        marked.Marks |= mark;
        return isMarked;
    }

    /// <summary>Gets the record of a counter; returns false if it has none.</summary>
    public bool TryGetValue(CounterKey key, [MaybeNullWhen(false)] out Reservation record)
    {
        var row = Find(key);
        record = row < 0 ? default : RecordAt(row);
        return row >= 0;
    }

    /// <summary>
    /// Removes every counter in these rows whose record no longer counts; returns the row to continue from.
    /// </summary>
    public int RemoveEnded(int from, int rowsMax, long nowMs)
    {
        var end = Math.Min(End, from + rowsMax);
        for (var row = from; row < end; row++)
        {
            if (_rows[row].Key is not { } key) continue;
            if (key.RecordEndMs(RecordAt(row)) > nowMs) continue;
            _wide.Remove(key);
            _sessions.Remove(key);
            _rows.Remove(row);
        }

        return Math.Max(from, end);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<CounterKey, Reservation>> GetEnumerator()
    {
        for (var row = 0; row < End; row++)
            if (KeyAt(row) is { } key) yield return new(key, RecordAt(row));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
