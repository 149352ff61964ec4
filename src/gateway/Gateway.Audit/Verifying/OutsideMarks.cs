using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>Compares the trees with checkpoints from elsewhere.</summary>
internal sealed class OutsideMarks
{
    private readonly OutsideResult?[] _results;
    private readonly IReadOnlyList<OutsideCheckpoint> _outside;
    private readonly IReadOnlyList<Checkpoint> _kept;
    private readonly bool[] _differs;

    /// <param name="outside">Checkpoints from elsewhere.</param>
    /// <param name="kept">The checkpoints that are stored beside the records.</param>
    public OutsideMarks(IReadOnlyList<OutsideCheckpoint> outside, IReadOnlyList<Checkpoint> kept)
    {
        (_outside, _kept) = (outside, kept);
        (_results, _differs) = (new OutsideResult?[outside.Count], new bool[outside.Count]);
    }

    /// <summary>Compares a tree that has reached the size of an external checkpoint.</summary>
    /// <param name="chain">Id of the tree.</param>
    /// <param name="tree">The current tree.</param>
    /// <param name="isWhole">True if no part of it was broken so far.</param>
    public void See(string chain, MerkleTree tree, bool isWhole)
    {
        for (var i = 0; i < _outside.Count; i++)
        {
            if (_results[i] is not null || _outside[i].Head is not { } head || head.Chain != chain
                || head.Size != tree.Size)
            {
                continue;
            }

            _differs[i] = tree.Root != head.Root;
            if (!_differs[i])
            {
                _results[i] = Of(i, isWhole ? "proved" : "unproved", isWhole
                    ? "the records up to this checkpoint match it"
                    : "the checkpoint's root matches the one kept here, but the records before it contain a break");
            }
        }
    }

    /// <summary>
    /// Returns the results after all records were read. A source may contain checkpoints of several logs, and those of
    /// other logs are ignored. A source without any checkpoint of this log belongs to another log, or this log was
    /// replaced.
    /// </summary>
    public IReadOnlyList<OutsideResult> Results()
    {
        var results = Enumerable.Range(0, _outside.Count).Select(i => (Index: i, Result: ResultOf(i))).ToList();
        return
        [
            .. results.GroupBy(one => _outside[one.Index].Source).SelectMany(source =>
                source.Any(static one => one.Result is not null)
                    ? source.Select(static one => one.Result).OfType<OutsideResult>()
                    : [Of(source.Last().Index, "broken", "no record here belongs to this checkpoint: it is from "
                        + "another gateway's log, or this log and its checkpoints were replaced")]),
        ];
    }

    private OutsideResult? ResultOf(int i)
    {
        var (chain, outside) = (_outside[i].Head.Chain, _outside[i]);
        // Its link proves the earlier chains, even against an attacker who has the key.
        if (_kept.FirstOrDefault(one => one.Head.Chain == chain) is { } kept
            && ((outside.Previous is not null && outside.Previous != kept.Previous)
                || (outside.Link is not null && outside.Link != kept.Link)))
        {
            return Of(i, "broken", "the chains before this one are not those that the checkpoint names: they were "
                + "replaced");
        }

        return _results[i] ?? (_differs[i]
            ? Of(i, "broken", "the records up to this checkpoint do not match it")
            : Unseen(i));
    }

    private OutsideResult? Unseen(int i)
    {
        var (head, writer) = (_outside[i].Head, _outside[i].Writer);
        var kept = _kept.Where(one => one.Head.Chain == head.Chain).ToList();
        if (kept.Count == 0)
        {
            return writer is null || (_kept.Count > 0 && _kept[^1].Writer != writer)
                ? null
                : Of(i, "broken", "the checkpoint's chain is not here: its evidence was removed, or an older copy was "
                    + "restored");
        }

        if (kept.FirstOrDefault(one => one.Head.Size == head.Size) is { } same)
        {
            return same.Head.Root == head.Root
                ? Of(i, "unproved", "the same checkpoint is kept here, but its records are not")
                : Of(i, "broken", "the checkpoint of this size that is kept here is different");
        }

        var most = kept.Max(static one => one.Head.Size);
        return head.Size > most
            ? Of(i, "broken", $"the checkpoint covers {head.Size} records of its chain, but not all of them are here: "
                + "the end was cut off, or an older copy was restored")
            : Of(i, "unproved", "the checkpoint's records are not here, or could not be compared");
    }

    private OutsideResult Of(int i, string state, string says) =>
        new(_outside[i].Source, _outside[i].Head.Chain, _outside[i].Head.Size, state, says);
}

/// <summary>The result for a checkpoint from elsewhere.</summary>
/// <param name="Source">Origin of the checkpoint.</param>
/// <param name="Chain">Id of its chain.</param>
/// <param name="Size">Number of records that it covers.</param>
/// <param name="State"><c>proved</c>, <c>unproved</c> or <c>broken</c>.</param>
/// <param name="Says">The reason, in words.</param>
public sealed record OutsideResult(string Source, string Chain, long Size, string State, string Says);

/// <summary>A checkpoint that was kept where this log's writer cannot change it.</summary>
/// <param name="Source">Origin of the checkpoint, for the report.</param>
/// <param name="Head">The tree head that it states.</param>
/// <param name="Writer">Id of the log's writer; null if unknown.</param>
public sealed record OutsideCheckpoint(string Source, TreeHead Head, string? Writer)
{
    /// <summary>Final tree head of the previous chain; null for the first chain or if unknown.</summary>
    public TreeHead? Previous { get; init; }

    /// <summary>Hash of the text that contains it; null if unknown.</summary>
    public string? Link { get; init; }
}
