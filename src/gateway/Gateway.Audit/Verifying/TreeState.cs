using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

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
