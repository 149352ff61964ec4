using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>A tree at one of its checkpoints, or at its beginning.</summary>
/// <param name="Head">Its size and root.</param>
/// <param name="Peaks">The roots of its whole subtrees.</param>
/// <param name="At">Where its last record ended when it was signed.</param>
/// <param name="EndsFile">True if no further record went into that file.</param>
internal readonly record struct TreeState(TreeHead Head, IReadOnlyList<string> Peaks, LogPlace At, bool EndsFile)
{
    /// <summary>At a checkpoint.</summary>
    public static TreeState Of(SignedCheckpoint signed) => new(
        signed.Checkpoint!.Head, signed.Peaks, signed.Checkpoint.To,
        signed.Checkpoint.Why is Checkpoint.Rotation or Checkpoint.Abandoned);

    /// <summary>Before the first record of a chain.</summary>
    public static TreeState Empty(Checkpoint first) => new(
        new TreeHead(first.Head.Chain, 0, new MerkleTree().Root), [], first.From, false);
}
