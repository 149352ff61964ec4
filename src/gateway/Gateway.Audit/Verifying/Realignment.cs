using System.Numerics;
using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>
/// Finds the beginning of an interval between two checkpoints in a log whose earlier bytes changed in length or number,
/// so that a break ends at the next checkpoint that still matches.
/// </summary>
internal sealed class Realignment(RecordCursor cursor)
{
    /// <summary>
    /// Maximum number of hashes in one verification, about 10 s; beyond that only the expected places are tried.
    /// </summary>
    private const long HashesMax = 30_000_000;

    private (LogPlace From, int File, bool IsErasable) _region;
    private List<(LogPlace At, byte[] Hash)> _lines = [];
    private long _hashes;

    /// <summary>Returns the place of the record with this index, counted from a place within one file.</summary>
    public LogPlace PlaceOf(LogPlace from, int file, long index)
    {
        Load(from, file);
        return index < _lines.Count ? _lines[(int)index].At : End;
    }

    /// <summary>True if the leaves of the chain omit personal values.</summary>
    public bool IsErasable { get; set; }

    private LogPlace End { get; set; }

    /// <summary>
    /// Returns where the records after <paramref name="before"/> begin, or null if they are not found.
    /// </summary>
    /// <param name="before">The tree at the beginning of the interval.</param>
    /// <param name="after">The checkpoint at its end, which covers more records.</param>
    /// <param name="from">The place in the file from which to search.</param>
    /// <param name="hint">The expected place.</param>
    /// <param name="expected">The expected number of records between <paramref name="from"/> and the interval.</param>
    public LogPlace? Find(TreeState before, SignedCheckpoint after, LogPlace from, LogPlace hint, long expected)
    {
        var count = after.Checkpoint!.Head.Size - before.Head.Size;
        Load(from, Math.Max(after.Checkpoint!.To.File, from.File));
        var last = _lines.Count - count;
        if (last < 0 || after.Peaks.Count != BitOperations.PopCount((ulong)after.Checkpoint!.Head.Size))
            return null;
        var hinted = _lines.FindIndex(line => line.At == hint);
        if (hinted >= 0 && hinted <= last && Fits(before, after, hinted, count))
            return hint;
        expected = Math.Clamp(expected, 0, last);
        for (var distance = 0L; distance <= last; distance++)
        {
            foreach (var index in distance == 0 ? [expected] : (long[])[expected - distance, expected + distance])
            {
                if (index >= 0 && index <= last && Fits(before, after, (int)index, count))
                    return _lines[(int)index].At;
            }

            if (_hashes > HashesMax)
                return null;
        }

        return null;
    }

    private bool Fits(TreeState before, SignedCheckpoint after, int index, long count)
    {
        var head = after.Checkpoint!.Head;
        var tree = new MerkleTree();
        // The last complete subtree of the later tree is often small and rules out most wrong places.
        var lowest = 1L << BitOperations.TrailingZeroCount(head.Size);
        if (lowest <= count)
        {
            Add(tree, index + count - lowest, lowest);
            if (tree.Root != after.Peaks[^1])
                return false;
            tree = new MerkleTree();
        }

        if (!tree.TryRestore(before.Head, before.Peaks))
            return false;
        Add(tree, index, count);
        return tree.Root == head.Root;
    }

    private void Add(MerkleTree tree, long index, long count)
    {
        _hashes += count;
        for (var i = index; i < index + count; i++)
            tree.AddHash(_lines[(int)i].Hash);
    }

    private void Load(LogPlace from, int file)
    {
        if (_region == (from, file, IsErasable))
            return;
        (_region, _lines) = ((from, file, IsErasable), []);
        using var reader = cursor.Again();
        reader.Go(from);
        var leaf = Array.Empty<byte>();
        for (var at = reader.At; reader.Read(new LogPlace(file + 1, 0)) is { } line; at = reader.At)
        {
            // The read itself moves from a finished file to the next one.
            _lines.Add((at.File == reader.At.File ? at : new LogPlace(reader.At.File, 0),
                MerkleTree.HashOf(RecordLeaf.Of(line, IsErasable, ref leaf))));
            End = reader.At;
        }

        if (_lines.Count == 0)
            End = from;
    }
}

/// <summary>A tree at one of its checkpoints, or at its beginning.</summary>
/// <param name="Head">The tree's size and root.</param>
/// <param name="Peaks">The roots of its complete subtrees.</param>
/// <param name="At">Place where its last record ended at signing.</param>
/// <param name="EndsFile">True if no further record was written to that file.</param>
internal readonly record struct TreeState(TreeHead Head, IReadOnlyList<string> Peaks, LogPlace At, bool EndsFile)
{
    /// <summary>Returns the state at a checkpoint.</summary>
    public static TreeState Of(SignedCheckpoint signed) => new(
        signed.Checkpoint!.Head, signed.Peaks, signed.Checkpoint.To,
        signed.Checkpoint.Why is Checkpoint.Rotation or Checkpoint.Abandoned);

    /// <summary>Returns the state before the first record of a chain.</summary>
    public static TreeState Empty(Checkpoint first) => new(
        new TreeHead(first.Head.Chain, 0, new MerkleTree().Root), [], first.From, false);
}
