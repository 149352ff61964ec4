using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>Follows the chains of a log one after the other, and says of each part what holds.</summary>
internal sealed class ChainRun(RecordWalk walk, List<VerifiedPart> parts, OutsideMarks marks)
{
    private static readonly LogPlace Beyond = new(int.MaxValue, 0);
    private MerkleTree _tree = new();
    private Checkpoint? _last;
    private bool _isFollowing;
    private bool _isWhole;

    /// <summary>Records that are as they were written.</summary>
    public long Proved { get; private set; }

    /// <summary>Checkpoints that hold.</summary>
    public int Held { get; private set; }

    /// <summary>The newest of them.</summary>
    public DateTimeOffset? Newest { get; private set; }

    /// <param name="chain">Its checkpoints, by size.</param>
    public void Follow(IReadOnlyList<SignedCheckpoint> chain)
    {
        var first = chain[0].Checkpoint!;
        _isWhole = true;
        if (walk.First == 0)
        {
            Add("broken", first.From, chain[^1].Checkpoint!.To, null, "there is no file with records");
            _last = chain[^1].Checkpoint;
            return;
        }

        CheckLink(first);
        var next = 0;
        if (first.From.File >= walk.First)
            Begin(first);
        else
            next = Resume(chain);
        for (; next < chain.Count; next++)
            Compare(chain[next]);
        _last = chain[^1].Checkpoint!;
    }

    /// <summary>What is after the last checkpoint.</summary>
    public void End()
    {
        var from = _last is null ? new LogPlace(walk.First, 0) : walk.At;
        if (_last is not null && !_isFollowing)
            walk.Go(from = _last.To);
        else if (_last is null)
            walk.Go(from);
        var count = Count(Beyond, _isFollowing ? _last!.Head.Chain : null);
        if (count == 0)
            return;
        Add("unproved", from, walk.At, count, _last is null
            ? "there is no checkpoint: written by a version that made none, or the evidence was removed"
            : "the tail: written after the last checkpoint");
    }

    private void CheckLink(Checkpoint first)
    {
        if (_last is not null && first.Previous != _last.Head)
        {
            Add("broken", _last.To, first.From, null, "the chain that begins here does not follow the one before it: "
                + "checkpoints were taken out between them, or put in");
        }
    }

    private void Begin(Checkpoint first)
    {
        _tree = new MerkleTree();
        _isFollowing = true;
        var before = _last?.To ?? new LogPlace(walk.First, 0);
        if (before < first.From)
        {
            walk.Go(before);
            var count = Count(first.From, chain: null);
            if (count > 0)
            {
                Add("unproved", before, first.From, count, _last is null && first.Previous is null
                    ? "written before there were checkpoints"
                    : "written without checkpoints: by a version that makes none, or more than a start takes over");
            }
        }

        if (first.Previous is not null && _last is null)
            Add("unproved", first.From, first.From, 0, "the checkpoints of the chains before this one are gone");
        walk.Go(first.From);
        if (first.Adopted > 0)
        {
            Add("unproved", first.From, first.From, 0,
                $"{first.Adopted} records that follow were found by a start after a process that was killed: they are "
                + "proved from that start on only");
        }
    }

    /// <summary>Goes on where the files that are here begin; returns the first checkpoint that is to be compared.
    /// </summary>
    private int Resume(IReadOnlyList<SignedCheckpoint> chain)
    {
        var start = new LogPlace(walk.First, 0);
        var next = 0;
        while (next < chain.Count && chain[next].Checkpoint!.To < start)
            next++;
        var gone = next > 0 ? chain[next - 1] : null;
        var first = chain[0].Checkpoint!;
        Add("unproved", first.From, gone?.Checkpoint!.To ?? start, null,
            "no longer here, deleted by age or room, or moved away; the root of what is gone is kept");
        _isFollowing = false;
        if (next == chain.Count)
            return next;
        if (gone?.Checkpoint is { Why: "rotation" } end && end.To.File == start.File - 1)
        {
            if (_tree.TryRestore(end.Head, gone.Peaks))
            {
                _isFollowing = true;
                walk.Go(start);
                return next;
            }

            Add("broken", end.From, end.To, null,
                "what is kept of the tree there does not make the root that was signed");
        }

        GoOnFrom(chain[next], start, "unproved", "the checkpoint at the end of the file before is not kept");
        return next + 1;
    }

    private void Compare(SignedCheckpoint signed)
    {
        var checkpoint = signed.Checkpoint!;
        if (!_isFollowing)
        {
            GoOnFrom(signed, null, "", "");
            return;
        }

        var (from, size) = (walk.At, _tree.Size);
        var count = Count(checkpoint.To, checkpoint.Head.Chain);
        if (_tree.Size == checkpoint.Head.Size && _tree.Root == checkpoint.Head.Root)
        {
            Add("proved", from, checkpoint.To, count, "unaltered and complete");
            (Proved, Held, Newest) = (Proved + count, Held + 1, checkpoint.Time);
            SkipAbandoned(checkpoint);
            return;
        }

        _isWhole = false;
        var expected = checkpoint.Head.Size - size;
        GoOnFrom(signed, from, "broken", count == expected && walk.At == checkpoint.To
            ? $"of these {count} records some were changed, or their order was"
            : $"there are {count} records where {expected} were written: some were removed, put in, or cut off");
    }

    /// <summary>Says what is wrong up to a checkpoint, and takes up the tree there, or at the next one.</summary>
    private void GoOnFrom(SignedCheckpoint signed, LogPlace? from, string state, string says)
    {
        var checkpoint = signed.Checkpoint!;
        var after = checkpoint.Why == "rotation" && checkpoint.To.File < walk.Last
            ? new LogPlace(checkpoint.To.File + 1, 0)
            : checkpoint.To;
        if (from is not null)
            Add(state, from.Value, checkpoint.To, null, says);
        else
            Extend(checkpoint.To);
        _isFollowing = walk.BeginsLine(after) && _tree.TryRestore(checkpoint.Head, signed.Peaks);
        if (_isFollowing)
            walk.Go(after);
    }

    private void SkipAbandoned(Checkpoint checkpoint)
    {
        if (checkpoint.Why == "abandoned")
            walk.Go(new LogPlace(checkpoint.To.File + 1, 0));
    }

    private long Count(LogPlace until, string? chain)
    {
        var count = 0L;
        var leaf = new byte[4096];
        for (; walk.Read(until) is { } line; count++)
        {
            if (chain is null)
                continue;
            if (leaf.Length <= line.Length)
                leaf = new byte[2 * line.Length];
            leaf[0] = MerkleTree.LeafPrefix;
            line.CopyTo(leaf.AsSpan(1));
            _tree.Add(leaf.AsSpan(0, line.Length + 1));
            marks.See(chain!, _tree, _isWhole);
        }

        return count;
    }

    private void Add(string state, LogPlace from, LogPlace to, long? records, string says) =>
        parts.Add(new VerifiedPart(state, from, to, records, says));

    /// <summary>What cannot be compared after a break belongs to it.</summary>
    private void Extend(LogPlace to)
    {
        if (parts.Count > 0)
            parts[^1] = parts[^1] with { To = to };
    }
}
