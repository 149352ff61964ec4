using System.Text.Json;

namespace Gateway.Audit.Reading;

/// <summary>The last records that match, gathered from parts of the log that are read from its end backwards.</summary>
/// <param name="query">Which match.</param>
/// <param name="count">How many; 0 only counts them.</param>
internal sealed class AuditTail(AuditQuery query, int count)
{
    private readonly LinkedList<JsonElement> _items = [];
    private readonly Queue<(JsonElement Record, long At)> _found = [];
    private int _file;
    private long _matchedHere;

    /// <summary>Where the first line of the part begins; null where none was read.</summary>
    public long? First { get; private set; }

    /// <summary>Oldest first.</summary>
    public IEnumerable<JsonElement> Items => _items;

    /// <summary>How many match from the place on that <see cref="End"/> named.</summary>
    public long Matched { get; private set; }

    /// <summary>Whether all that is older is too old.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Before a part of the file of this number is read, from its beginning on.</summary>
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

    /// <summary>After the part was read.</summary>
    /// <param name="isCut">Whether no more is read for now, and older parts are left.</param>
    /// <returns>Where to go on, if it is not here and now.</returns>
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
