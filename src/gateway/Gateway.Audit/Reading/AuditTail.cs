using System.Text.Json;

namespace Gateway.Audit.Reading;

/// <summary>Collects the last matching records from parts of the log that are read backward from its end.</summary>
/// <param name="query">The filter.</param>
/// <param name="count">Maximum number of records; 0 only counts them.</param>
internal sealed class AuditTail(AuditQuery query, int count)
{
    private readonly LinkedList<JsonElement> _items = [];
    private readonly Queue<(JsonElement Record, long At)> _found = [];
    private int _file;
    private long _matchedHere;

    /// <summary>Offset of the first line in the part; null if none was read.</summary>
    public long? First { get; private set; }

    /// <summary>The records, oldest first.</summary>
    public IEnumerable<JsonElement> Items => _items;

    /// <summary>Number of matching records from the place that <see cref="End"/> returned.</summary>
    public long Matched { get; private set; }

    /// <summary>True if everything older is before the query's time range.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Starts a part of the file with this number.</summary>
    public void Begin(int file) => (_file, First, _matchedHere) = (file, null, 0);

    public bool Take(JsonElement record, long at)
    {
        First ??= at;
        IsOver |= query.IsLongBefore(record);
        if (!query.Accepts(record))
            return true;
        _matchedHere++;
        if (count > 0)
            _found.Enqueue((record.Clone(), at));
        if (_found.Count > count - _items.Count)
            _found.Dequeue();
        return true;
    }

    /// <summary>Ends a part.</summary>
    /// <param name="isCut">True if reading stops for now although older parts remain.</param>
    /// <returns>The place to continue from if reading does not continue immediately.</returns>
    public (int File, long At)? End(bool isCut)
    {
        long? oldest = _found.TryPeek(out var peeked) ? peeked.At : null;
        var isFull = count > 0 && _items.Count + _found.Count >= count;
        Matched += isFull ? _found.Count : _matchedHere;
        foreach (var (record, _) in _found.Reverse())
            _items.AddFirst(record);
        _found.Clear();
        if (isFull)
            return (_file, oldest ?? 0);
        return isCut && !IsOver ? (_file, First ?? 0) : null;
    }
}
