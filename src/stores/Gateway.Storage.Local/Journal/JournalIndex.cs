using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>The record of every counter of a journal, by key and by row.</summary>
internal sealed class JournalIndex : IEnumerable<KeyValuePair<CounterKey, Reservation>>
{
    private readonly CompactTable<JournalRow> _rows = new();

    /// <summary>The records that a row does not hold: those with entries, and what no owner of ours writes.</summary>
    private readonly Dictionary<CounterKey, Reservation> _wide = [];

    private readonly SessionTally _sessions = new();

    /// <summary>Counters in it.</summary>
    public int Count => _rows.Count;

    /// <summary>One past the last row; those between may hold no counter.</summary>
    public int End => _rows.End;

    /// <summary>The record of a counter, which is there; or adds or replaces it.</summary>
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

    /// <summary>What stands for the key of the counter in this row, in a file that has that key.</summary>
    public static uint NumberOf(int row) => (uint)row + 1;

    /// <summary>The row of a counter, which it keeps while it is here; -1 if it is not.</summary>
    public int Find(CounterKey key) => _rows.Find(key);

    /// <summary>The counter in this row; null if there is none.</summary>
    public CounterKey? KeyAt(int row) => _rows[row].Key;

    /// <summary>The record of the counter in this row.</summary>
    public Reservation RecordAt(int row) =>
        _wide.Count > 0 && _wide.TryGetValue(_rows[row].Key!, out var record) ? record : _rows[row].Record;

    /// <summary>Replaces the record of the counter in this row.</summary>
    public void Set(int row, Reservation record)
    {
        var key = _rows[row].Key!;
        if (JournalRow.Holds(record)) _wide.Remove(key);
        else _wide[key] = record;
        _rows[row].Record = JournalRow.Holds(record) ? record : default;
    }

    /// <summary>True if a counter that is not here yet is within these bounds.</summary>
    public bool HasRoom(CounterKey key, CounterBounds bounds) => _sessions.HasRoom(key, Count, bounds);

    /// <summary>Adds a counter that is not here yet; its row.</summary>
    public int Add(CounterKey key, Reservation record)
    {
        var row = _rows.Add(new JournalRow(key));
        _sessions.Add(key);
        Set(row, record);
        return row;
    }

    /// <summary>Marks the counter in this row with a file that has its key; true if it has it already.</summary>
    public bool TryMark(int row, byte mark)
    {
        ref var marked = ref _rows[row];
        var isMarked = (marked.Marks & mark) != 0;
        marked.Marks |= mark;
        return isMarked;
    }

    /// <summary>The record of a counter; false, and none, if it has none.</summary>
    public bool TryGetValue(CounterKey key, [MaybeNullWhen(false)] out Reservation record)
    {
        var row = Find(key);
        record = row < 0 ? default : RecordAt(row);
        return row >= 0;
    }

    /// <summary>
    /// Lets go of every counter in these rows whose record counts for nothing from this moment on; where to go on.
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
