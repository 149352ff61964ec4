using Gateway.Audit.Evidence;
using Gateway.Policy.Text;

namespace Gateway.Audit.Verifying;

/// <summary>
/// Follows the chains of a log one after another and reports which parts hold. Signed places are only hints: an edit
/// that changes a line's length shifts everything after it, so records are counted, and located again after a break.
/// </summary>
/// <param name="cursor">The records.</param>
/// <param name="parts">Receives the results.</param>
/// <param name="marks">Receives the trees, to compare them with checkpoints from elsewhere.</param>
/// <param name="lacksFirst">True if retention may have dropped the oldest checkpoints.</param>
internal sealed class ChainRun(RecordCursor cursor, List<VerifiedPart> parts, OutsideMarks marks, bool lacksFirst)
{
    private static readonly LogPlace Beyond = new(int.MaxValue, 0);
    private readonly Realignment _realignment = new(cursor);
    private MerkleTree _tree = new();
    private SignedCheckpoint? _last;
    private LogPlace _proved;
    private (int File, long Bytes) _shift;
    private bool _isFollowing;
    private bool _isCertain = true;
    private bool _isWhole;
    private bool _isErasable;

    /// <summary>Number of records that are proved to be unchanged.</summary>
    public long Proved { get; private set; }

    /// <summary>Number of checkpoints that hold.</summary>
    public int Held { get; private set; }

    /// <summary>Time of the newest of these checkpoints.</summary>
    public DateTimeOffset? Newest { get; private set; }

    /// <summary>The last checkpoint that proves records.</summary>
    public LastProof? Last { get; private set; }

    /// <summary>True if records follow a checkpoint that closed the log.</summary>
    public bool HasUnsignedTail { get; private set; }

    /// <summary>Verifies one chain.</summary>
    /// <param name="chain">The chain's checkpoints, by size.</param>
    public void Follow(IReadOnlyList<SignedCheckpoint> chain)
    {
        var first = chain[0].Checkpoint!;
        _isWhole = true;
        _isErasable = _realignment.IsErasable = first.IsErasable;
        CheckLinks(chain);
        if (cursor.First == 0)
            Add("broken", first.From, chain[^1].Checkpoint!.To, null, "no file with records exists");
        else
        {
            var next = first.From.File >= cursor.First ? Begin(first) : Resume(chain);
            while (next < chain.Count)
                next = Compare(chain, next);
        }

        _last = chain[^1];
    }

    /// <summary>Reports the records after the last checkpoint.</summary>
    public void End()
    {
        var from = _last is null ? new LogPlace(cursor.First, 0) : cursor.At;
        if (_last is null)
            cursor.Go(from);
        else if (!_isFollowing)
        {
            from = Shifted(_last.Checkpoint!.To);
            if (!cursor.BeginsLine(from))
                return;
            cursor.Go(from);
        }

        var isStopped = _last?.Checkpoint!.Why == Checkpoint.Stop;
        var count = _isFollowing && !isStopped
            ? Take(long.MaxValue, Beyond, _last!.Checkpoint!.Head.Chain)
            : Skip(Beyond);
        if (count == 0)
            return;
        HasUnsignedTail = isStopped && _isCertain;
        Add(HasUnsignedTail ? "broken" : "unproved", from, cursor.At, count,
            HasUnsignedTail ? AddedRecords(count)
            : _last is null ? "no checkpoint exists: a version without checkpoints wrote the records, or the "
                + "checkpoints were removed"
            : "written after the last checkpoint");
    }

    private static string AddedRecords(long count) =>
        $"{Spelling.Count(count, "record was", "records were")} added after the log was closed: "
        + "no gateway that signs its records wrote them";

    private void CheckLinks(IReadOnlyList<SignedCheckpoint> chain)
    {
        var first = chain[0].Checkpoint!;
        if (chain.Any(one => one.Checkpoint is not { } other || other.From != first.From
            || other.Previous != first.Previous || other.Link != first.Link || other.Writer != first.Writer))
        {
            Add("broken", first.From, chain[^1].Checkpoint!.To, null,
                "the checkpoints of this chain contradict each other: they belong to several logs");
        }

        if (_last is null && first.Previous is { } missing)
        {
            Add(lacksFirst ? "unproved" : "broken", first.From, first.From, null, lacksFirst
                ? "the checkpoints of the chains before this one are gone, because retention keeps only the latest"
                : $"the chain before this one ({missing.Chain}, {missing.Size} records) and all earlier ones are "
                    + "missing: their checkpoints were removed");
        }

        if (_last is not null
            && (first.Previous != _last.Checkpoint!.Head || (first.Link is { } link && link != _last.TextHash())))
        {
            Add("broken", _last.Checkpoint!.To, first.From, null, "the chain that begins here does not follow the one "
                + "before it: a chain between them was removed, or one was inserted or replaced");
        }

        if (first.Adopted > 0)
        {
            var isClosed = _last?.Checkpoint!.Why == Checkpoint.Stop;
            Add(isClosed ? "broken" : "unproved", first.From, first.From, 0, isClosed
                ? AddedRecords(first.Adopted) + "; an earlier release signed them at its next start"
                : $"the next {first.Adopted} records were written before the gateway was killed and restarted: "
                    + "they are proved only since that restart");
        }
    }

    private int Begin(Checkpoint first)
    {
        var start = Shifted(first.From);
        var before = _last is null ? new LogPlace(cursor.First, 0) : cursor.At;
        if (before < start && (_last is null || (_isFollowing && _isCertain)))
        {
            cursor.Go(before);
            var count = Skip(start);
            var isClosed = _last?.Checkpoint!.Why == Checkpoint.Stop;
            if (count > 0)
            {
                Add(isClosed ? "broken" : "unproved", before, start, count, isClosed ? AddedRecords(count)
                    : _last is null && first.Previous is null ? "written before there were checkpoints"
                    : _last is null ? "these records belong to chains whose checkpoints are missing"
                    : "no checkpoint covers these records: a version without checkpoints wrote them, or they were "
                        + "more than a gateway adds to the chain when it starts");
            }
        }

        (_tree, _isFollowing) = (new MerkleTree(), cursor.BeginsLine(start));
        if (_proved.File != first.From.File)
            _proved = new LogPlace(first.From.File, 0);
        if (_isFollowing)
            cursor.Go(start);
        return 0;
    }

    /// <summary>
    /// Continues where the available files begin; returns the index of the first checkpoint to compare.
    /// </summary>
    private int Resume(IReadOnlyList<SignedCheckpoint> chain)
    {
        var start = new LogPlace(cursor.First, 0);
        var next = 0;
        while (next < chain.Count && chain[next].Checkpoint!.To < start)
            next++;
        var gone = next > 0 ? chain[next - 1] : null;
        Add("unproved", chain[0].Checkpoint!.From, gone?.Checkpoint!.To ?? start, null,
            "these records are no longer here: retention deleted them, or somebody moved or removed them"
            + (gone is null ? "" : $"; the last one was written before {gone.Checkpoint!.Time.UtcDateTime:s}Z")
            + "; their signed root is kept");
        (_isFollowing, _proved) = (false, start);
        if (next == chain.Count)
            return next;
        if (gone?.Checkpoint is { Why: Checkpoint.Rotation } end && end.To.File == start.File - 1)
        {
            if (_tree.TryRestore(end.Head, gone.Peaks))
            {
                (_isFollowing, _isCertain) = (true, true);
                cursor.Go(start);
                return next;
            }

            Add("broken", end.From, end.To, null,
                "the stored part of the tree does not match the signed root");
        }

        return Realign(chain, next, start, null,
            ("unproved", "the checkpoint at the end of the previous file is missing"));
    }

    private int Compare(IReadOnlyList<SignedCheckpoint> chain, int at)
    {
        var checkpoint = chain[at].Checkpoint!;
        if (!_isFollowing)
            return Realign(chain, at - 1, _proved, null, null);
        var (from, size) = (cursor.At, _tree.Size);
        var count = Take(
            checkpoint.Head.Size - size, new LogPlace(checkpoint.To.File + 1, 0), checkpoint.Head.Chain);
        if (_tree.Size != checkpoint.Head.Size || _tree.Root != checkpoint.Head.Root)
        {
            // The place where a chain begins is also only a hint, unless the previous chain ended there.
            return size == 0 && _proved < from
                ? Realign(chain, at - 1, _proved, null, null)
                : Realign(chain, at - 1, from, size, null);
        }

        (Proved, Held, Newest) = (Proved + count, Held + 1, checkpoint.Time);
        // A tree without records matches everywhere and proves no place.
        if (checkpoint.Head.Size == 0)
            return at + 1;
        Add("proved", from, cursor.At, count, "unaltered and complete");
        Last = new LastProof(checkpoint.Head.Chain, checkpoint.Head.Size, checkpoint.Time, cursor.At);
        (_proved, _isCertain) = (cursor.At, true);
        _shift = (checkpoint.To.File,
            cursor.At.File == checkpoint.To.File ? cursor.At.Offset - checkpoint.To.Offset : 0);
        EndFile(checkpoint);
        return at + 1;
    }

    private void EndFile(Checkpoint checkpoint)
    {
        if (checkpoint.Why is not (Checkpoint.Rotation or Checkpoint.Abandoned))
            return;
        var from = cursor.At;
        var extra = Skip(new LogPlace(checkpoint.To.File + 1, 0));
        if (extra > 0 && checkpoint.Why == Checkpoint.Rotation)
            Add("broken", from, cursor.At, extra,
                $"{Spelling.Count(extra, "record was", "records were")} added after the end of this file");
    }

    /// <summary>
    /// Reports a break that begins at <paramref name="from"/>, and resumes the tree at the first checkpoint after which
    /// the records match again. Returns the index of the next checkpoint to compare.
    /// </summary>
    /// <param name="chain">The checkpoints of the chain.</param>
    /// <param name="first">Index of the first checkpoint to try; -1 is the beginning of the chain.</param>
    /// <param name="from">The end of the last record that is known to be correct.</param>
    /// <param name="size">The size of the tree there; null if unknown.</param>
    /// <param name="reason">State and text of the part; null for a break.</param>
    private int Realign(
        IReadOnlyList<SignedCheckpoint> chain, int first, LogPlace from, long? size,
        (string State, string Says)? reason)
    {
        _isWhole &= reason is not null;
        for (var i = first; i < chain.Count; i++)
        {
            var state = i < 0 ? TreeState.Empty(chain[0].Checkpoint!) : TreeState.Of(chain[i]);
            if (Find(chain, i, state, from, size, i == first && reason is null) is not { } place
                || !_tree.TryRestore(state.Head, state.Peaks))
            {
                continue;
            }

            var count = 0L;
            if (from < place)
            {
                cursor.Go(from);
                count = Skip(place);
            }

            var expected = state.Head.Size - size;
            if (parts.Count > 0 && parts[^1] is { State: "broken", Records: not null } last && last.From == from)
            {
                // The end of the previous chain was only a guess; the beginning of this chain determines it.
                parts[^1] = last with { To = place, Records = count, Says = Says(count, null) };
            }
            else if (from < place || expected is null or > 0)
            {
                Add(reason?.State ?? "broken", from, place.File > state.At.File ? state.At : place, count,
                    reason?.Says ?? Says(count, expected));
            }

            _isFollowing = true;
            _shift = (state.At.File, place.File == state.At.File ? place.Offset - state.At.Offset : 0);
            cursor.Go(place);
            return i + 1;
        }

        Add(reason?.State ?? "broken", from, chain[^1].Checkpoint!.To, null, reason?.Says ?? Says(-1, null));
        _isFollowing = _isCertain = false;
        return chain.Count;
    }

    private LogPlace? Find(
        IReadOnlyList<SignedCheckpoint> chain, int at, TreeState state, LogPlace from, long? size, bool wasCompared)
    {
        var after = chain.Skip(at + 1).FirstOrDefault(one => one.Checkpoint!.Head.Size > state.Head.Size);
        // The interval after it was already compared there. It may match elsewhere, but not at a later checkpoint.
        if (wasCompared && (after is null || after != chain[at + 1]))
            return null;
        var next = new LogPlace(state.At.File + 1, 0);
        var isNextHere = state.EndsFile && cursor.BeginsLine(next);
        var start = isNextHere ? next : from.File == state.At.File ? from : new LogPlace(state.At.File, 0);
        var index = isNextHere ? 0 : state.Head.Size - (size ?? 0);
        _isCertain = after is not null;
        if (after is null)
        {
            return isNextHere ? next
                : size is null ? (cursor.BeginsLine(Shifted(state.At)) ? Shifted(state.At) : null)
                : _realignment.PlaceOf(start, state.At.File, index);
        }

        return _realignment.Find(state, after, start, isNextHere ? next : Shifted(state.At), index)
            // A file's beginning is certain: a mismatch from there on is the next break.
            ?? (isNextHere && !wasCompared ? next : null);
    }

    private static string Says(long count, long? expected) => expected switch
    {
        null => "some of these records were changed, removed, inserted, reordered or cut off",
        0 => $"{Spelling.Count(count, "record was", "records were")} inserted or moved here",
        _ when expected == count => $"some of {Spelling.Count(count, "record")} here were changed or reordered",
        _ => $"{Spelling.Count(count, "record is", "records are")} here, {expected} were written: some were removed, "
            + "inserted or cut off",
    };

    /// <summary>
    /// Returns the current location of a signed place after edits earlier in its file changed line lengths.
    /// </summary>
    private LogPlace Shifted(LogPlace place) => place.File == _shift.File
        ? place with { Offset = Math.Max(0, place.Offset + _shift.Bytes) }
        : place;

    private long Skip(LogPlace until)
    {
        var count = 0L;
        while (cursor.Read(until) is not null)
            count++;
        return count;
    }

    private long Take(long most, LogPlace until, string chain)
    {
        var count = 0L;
        var leaf = new byte[4096];
        for (; count < most && cursor.Read(until) is { } line; count++)
        {
            _tree.Add(RecordLeaf.Of(line, _isErasable, ref leaf));
            marks.See(chain, _tree, _isWhole);
        }

        return count;
    }

    private void Add(string state, LogPlace from, LogPlace to, long? records, string says) =>
        parts.Add(new VerifiedPart(state, from, to, records, says));
}
