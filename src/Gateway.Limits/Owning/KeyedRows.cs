using System.Numerics;

namespace Gateway.Limits.Owning;

/// <summary>
/// Rows by counter. They lie in chunks and never move, and are found by an open-addressed index of hashes. Owned by one
/// lock.
/// </summary>
/// <remarks>
/// Because a dictionary of large entries is half empty on average and is copied whole when it grows; here only eight
/// bytes a place are.
/// </remarks>
internal sealed class KeyedRows<TRow>
    where TRow : struct, IKeyedRow
{
    private const int ChunkBits = 8;
    private const int ChunkLength = 1 << ChunkBits;
    private const int SlotsMin = 16;

    private readonly List<TRow[]> _chunks = [];
    private readonly Stack<int> _free = new();

    /// <summary>A power of two: the hash above, one more than the row below; 0 for none.</summary>
    private ulong[] _slots = new ulong[SlotsMin];
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
        var hash = (uint)key.GetHashCode();
        for (var at = HomeOf(hash); _slots[at] != 0; at = Next(at))
            if (HashIn(_slots[at]) == hash && this[RowIn(_slots[at])].Key!.Equals(key)) return RowIn(_slots[at]);
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
        Place((ulong)(uint)added.Key!.GetHashCode() << 32 | (uint)(row + 1));
        return row;
    }

    /// <summary>Removes the counter of this row; other rows stay where they are.</summary>
    public void Remove(int row)
    {
        var hole = HomeOf((uint)this[row].Key!.GetHashCode());
        while (RowIn(_slots[hole]) != row) hole = Next(hole);

        // Whoever was pushed past the hole moves into it, so that a search never stops before its end.
        for (var at = Next(hole); _slots[at] != 0; at = Next(at))
        {
            var mask = _slots.Length - 1;
            var distance = (at - HomeOf(HashIn(_slots[at]))) & mask;
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
        var slots = _slots;
        _slots = new ulong[2 * slots.Length];
        foreach (var slot in slots)
            if (slot != 0) Place(slot);
    }

    private void Place(ulong slot)
    {
        var at = HomeOf(HashIn(slot));
        while (_slots[at] != 0) at = Next(at);
        _slots[at] = slot;
    }

    // The upper bits of a product: the lower bits of the hash are alike where they have chosen the shard.
    private int HomeOf(uint hash) =>
        (int)(unchecked(hash * 0x9E37_79B1u) >> (32 - BitOperations.Log2((uint)_slots.Length)));

    private int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    private static uint HashIn(ulong slot) => (uint)(slot >> 32);

    private static int RowIn(ulong slot) => (int)(uint)slot - 1;
}
