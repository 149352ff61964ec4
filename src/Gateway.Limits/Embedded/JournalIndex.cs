using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Gateway.Limits.Owning;

namespace Gateway.Limits.Embedded;

/// <summary>The record of every counter of a journal, and its number in the file; by key.</summary>
internal sealed class JournalIndex : IEnumerable<KeyValuePair<CounterKey, JournalEntry>>
{
    private readonly KeyedRows<JournalRow> _rows = new();

    /// <summary>The records that a row does not hold: sliding ones, and what no owner of ours writes.</summary>
    private readonly Dictionary<CounterKey, Reservation> _wide = [];

    /// <summary>Counters in it.</summary>
    public int Count => _rows.Count;

    /// <summary>The entry of a counter, which is there; or adds or replaces it.</summary>
    public JournalEntry this[CounterKey key]
    {
        get => TryGetValue(key, out var entry) ? entry : throw new KeyNotFoundException(key.Text);
        set
        {
            if (JournalRow.Holds(value.Record)) _wide.Remove(key);
            else _wide[key] = value.Record;
            var row = _rows.Find(key);
            if (row < 0) _rows.Add(new JournalRow(key, value));
            else _rows[row] = new JournalRow(_rows[row].Key!, value);
        }
    }

    /// <summary>The entry of a counter; false, and none, if it has none.</summary>
    public bool TryGetValue(CounterKey key, [MaybeNullWhen(false)] out JournalEntry entry)
    {
        var row = _rows.Find(key);
        entry = row < 0 ? default : EntryOf(_rows[row]);
        return row >= 0;
    }

    /// <summary>Lets go of a counter, if it is there.</summary>
    public void Remove(CounterKey key)
    {
        var row = _rows.Find(key);
        if (row < 0) return;
        _wide.Remove(key);
        _rows.Remove(row);
    }

    /// <summary>Lets go of every counter whose record counts for nothing from this moment on.</summary>
    public void RemoveEnded(long nowMs)
    {
        for (var row = 0; row < _rows.End; row++)
        {
            if (_rows[row].Key is not { } key) continue;
            if (key.RecordEndMs(EntryOf(_rows[row]).Record.WindowStartMs) > nowMs) continue;
            _wide.Remove(key);
            _rows.Remove(row);
        }
    }

    /// <summary>Numbers the counters from 1, in the order in which they are enumerated; the last number.</summary>
    public uint Renumber()
    {
        var number = 0u;
        for (var row = 0; row < _rows.End; row++)
            if (_rows[row].Key is not null) _rows[row].Number = ++number;
        return number;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<CounterKey, JournalEntry>> GetEnumerator()
    {
        for (var row = 0; row < _rows.End; row++)
            if (_rows[row].Key is { } key) yield return new(key, EntryOf(_rows[row]));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private JournalEntry EntryOf(in JournalRow row) => _wide.Count > 0 && _wide.TryGetValue(row.Key!, out var record)
        ? new JournalEntry(record, row.Number)
        : row.Entry;
}
