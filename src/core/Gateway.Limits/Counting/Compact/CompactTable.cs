using Gateway.Limits.Model;

namespace Gateway.Limits.Counting.Compact;

/// <summary>
/// Rows by counter. They lie in chunks and never move, and are found by an open-addressed index of hashes. Owned by one
/// lock.
/// </summary>
/// <remarks>
/// Because a dictionary of large entries is half empty on average and is copied whole when it grows; here only four
/// bytes a place are.
/// </remarks>
public sealed class CompactTable<TRow>
    where TRow : struct, ICompactRow
{
    private const int ChunkBits = 8;
    private const int ChunkLength = 1 << ChunkBits;
    private const int SlotsMinBits = 4;

    private readonly List<TRow[]> _chunks = [];
    private readonly Stack<int> _free = new();

    /// <summary>
    /// One more than the row below, for which as many bits will do as number the slots; above, what the place does not
    /// say of the hash. 0 for none.
    /// </summary>
    private uint[] _slots = new uint[1 << SlotsMinBits];
    private int _bits = SlotsMinBits;
    private int _end;

    /// <summary>Rows that hold a counter.</summary>
    public int Count { get; private set; }

    /// <summary>One past the last row that ever held a counter; those between may hold none.</summary>
    public int End => _end;

    /// <summary>A row, until its counter is removed.</summary>
    public ref TRow this[int row] => ref _chunks[row >> ChunkBits][row & (ChunkLength - 1)];

    /// <summary>The row of this counter; -1 if there is none.</summary>
    public int Find(CounterKey key)
    {
        var mixed = Mix(key);
        var rest = mixed << _bits;
        for (var at = HomeOf(mixed); _slots[at] != 0; at = Next(at))
            if (((_slots[at] ^ rest) >> _bits) == 0 && this[RowIn(_slots[at])].Key!.Equals(key))
                return RowIn(_slots[at]);
        return -1;
    }

    /// <summary>Adds a counter, which is not there yet.</summary>
    /// <returns>Its row.</returns>
    public int Add(TRow added)
    {
        if (5L * (Count + 1) > 4L * _slots.Length) Grow();
        if (!_free.TryPop(out var row))
        {
            row = _end++;
            if (row >> ChunkBits == _chunks.Count) _chunks.Add(new TRow[ChunkLength]);
        }

        this[row] = added;
        Count++;
        Place(row);
        return row;
    }

    /// <summary>Removes the counter of this row; other rows stay where they are.</summary>
    public void Remove(int row)
    {
        var hole = HomeOf(Mix(this[row].Key!));
        while (RowIn(_slots[hole]) != row) hole = Next(hole);

        // Whoever was pushed past the hole moves into it, so that a search never stops before its end.
        for (var at = Next(hole); _slots[at] != 0; at = Next(at))
        {
            var mask = _slots.Length - 1;
            var distance = (at - HomeOf(Mix(this[RowIn(_slots[at])].Key!))) & mask;
            if (distance < ((at - hole) & mask)) continue;
            _slots[hole] = _slots[at];
            hole = at;
        }

        _slots[hole] = 0;
        this[row] = default;
        _free.Push(row);
        Count--;
    }

    private void Grow()
    {
        _bits++;
        _slots = new uint[1 << _bits];
        for (var row = 0; row < _end; row++)
            if (this[row].Key is not null) Place(row);
    }

    private void Place(int row)
    {
        var mixed = Mix(this[row].Key!);
        var at = HomeOf(mixed);
        while (_slots[at] != 0) at = Next(at);
        _slots[at] = (mixed << _bits) | (uint)(row + 1);
    }

    // Its upper bits are the place: the lower bits of the hash are alike where they have chosen the shard.
    private static uint Mix(CounterKey key) => unchecked((uint)key.GetHashCode() * 0x9E37_79B1u);

    private int HomeOf(uint mixed) => (int)(mixed >> (32 - _bits));

    private int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    private int RowIn(uint slot) => (int)(slot & ((1u << _bits) - 1)) - 1;
}
