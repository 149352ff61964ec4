using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>What the trees have to be, by checkpoints from elsewhere, and whether they were.</summary>
internal sealed class OutsideMarks
{
    private readonly OutsideResult?[] _results;
    private readonly IReadOnlyList<OutsideCheckpoint> _outside;
    private readonly IReadOnlyList<Checkpoint> _kept;
    private bool _isGivenUp;

    /// <param name="outside">From elsewhere.</param>
    /// <param name="kept">Those that are kept beside the records.</param>
    public OutsideMarks(IReadOnlyList<OutsideCheckpoint> outside, IReadOnlyList<Checkpoint> kept)
    {
        (_outside, _kept) = (outside, kept);
        _results = new OutsideResult?[outside.Count];
    }

    /// <summary>Compares where a tree has a size that one is about.</summary>
    /// <param name="chain">Which tree.</param>
    /// <param name="tree">As it is now.</param>
    /// <param name="isWhole">Whether nothing of it was broken so far.</param>
    public void See(string chain, MerkleTree tree, bool isWhole)
    {
        for (var i = 0; i < _outside.Count; i++)
        {
            if (_results[i] is not null || _outside[i].Head is not { } head || head.Chain != chain
                || head.Size != tree.Size)
            {
                continue;
            }

            _results[i] = tree.Root == head.Root
                ? Of(i, isWhole ? "proved" : "unproved", isWhole
                    ? "the records up to there are those that it is about"
                    : "a part before it is broken; its root is the one that is kept here")
                : Of(i, "broken", "the records up to there are not those that it is about");
        }
    }

    /// <summary>Says that the records could not be read to their end.</summary>
    public void GiveUp() => _isGivenUp = true;

    /// <summary>After all that is here was seen. Another writer's checkpoints are left out.</summary>
    public IReadOnlyList<OutsideResult> Results()
    {
        var results = new List<OutsideResult>();
        for (var i = 0; i < _outside.Count; i++)
        {
            if ((_results[i] ?? Unseen(i)) is { } result)
                results.Add(result);
        }

        return results;
    }

    private OutsideResult? Unseen(int i)
    {
        var (head, writer) = (_outside[i].Head, _outside[i].Writer);
        var kept = _kept.Where(one => one.Head.Chain == head.Chain).ToList();
        if (kept.Count == 0)
        {
            return writer is null || (_kept.Count > 0 && _kept[^1].Writer != writer)
                ? null
                : Of(i, "broken", "its chain is not here: the evidence of it was removed, or an older copy restored");
        }

        if (kept.FirstOrDefault(one => one.Head.Size == head.Size) is { } same)
        {
            return same.Head.Root == head.Root
                ? Of(i, "unproved", "the same checkpoint is kept here; its records are not")
                : Of(i, "broken", "the checkpoint of this size that is kept here is another");
        }

        var most = kept.Max(static one => one.Head.Size);
        return head.Size > most
            ? Of(i, _isGivenUp ? "unproved" : "broken",
                $"it covers {head.Size} records of its chain, and they are not all here: the end was cut off, or an "
                + "older copy restored")
            : Of(i, "unproved", "the records that it is about are not here, or could not be compared");
    }

    private OutsideResult Of(int i, string state, string says) =>
        new(_outside[i].Source, _outside[i].Head.Chain, _outside[i].Head.Size, state, says);
}
