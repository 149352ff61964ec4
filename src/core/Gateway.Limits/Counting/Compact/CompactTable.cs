using Gateway.Limits.Model;

namespace Gateway.Limits.Counting.Compact;

/// <summary>
/// Rows by counter. Rows lie in chunks and never move; an open-addressed hash index finds them. Protected by one lock
/// of the caller.
/// </summary>
/// <remarks>
/// A dictionary of large entries is half empty on average and is copied whole when it grows. Here only four bytes per
/// slot are.
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
    /// Each slot holds the row number plus one in its low bits, as many as number the slots; the high bits hold the
    /// part of the hash that the slot's position does not imply. 0 means empty.
    /// </summary>
    private uint[] _slots = new uint[1 << SlotsMinBits];
    private int _bits = SlotsMinBits;
    private int _end;

    /// <summary>Number of rows that hold a counter.</summary>
    public int Count { get; private set; }

    /// <summary>One past the last row that ever held a counter; rows before it may be empty.</summary>
    public int End => _end;

    /// <summary>The row with this index, valid until its counter is removed.</summary>
    public ref TRow this[int row] => ref _chunks[row >> ChunkBits][row & (ChunkLength - 1)];

    /// <summary>Returns the row of this counter; -1 if there is none.</summary>
    public int Find(CounterKey key)
    {
        var mixed = Mix(key);
        var rest = mixed << _bits;
        for (var at = HomeOf(mixed); _slots[at] != 0; at = Next(at))
            if (((_slots[at] ^ rest) >> _bits) == 0 && this[RowIn(_slots[at])].Key!.Equals(key))
                return RowIn(_slots[at]);
        return -1;
    }

    /// <summary>Adds a counter that is not in the table yet.</summary>
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

        // An entry that was pushed past the hole moves into it, so that a search never stops early.
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

    // The upper bits choose the slot, because the lower bits of the hash are equal where they have chosen the shard.
    private static uint Mix(CounterKey key) => unchecked((uint)key.GetHashCode() * 0x9E37_79B1u);

    private int HomeOf(uint mixed) => (int)(mixed >> (32 - _bits));

    private int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    private int RowIn(uint slot) => (int)(slot & ((1u << _bits) - 1)) - 1;
}
