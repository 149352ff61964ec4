using Gateway.Audit.Records;

namespace Gateway.Audit.Evidence;

/// <summary>
/// The leaf of a record in the Merkle tree: the prefix of leaves, then the bytes that the evidence covers.
/// </summary>
internal static class RecordLeaf
{
    /// <summary>Returns the leaf of a record.</summary>
    /// <param name="line">The record without its line end.</param>
    /// <param name="isErasable">
    /// True if the leaf omits the personal values of the record. False in chains of earlier releases, whose leaves
    /// are complete lines.
    /// </param>
    /// <param name="scratch">Receives the leaf, and grows as needed.</param>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> line, bool isErasable, ref byte[] scratch)
    {
        if (scratch.Length <= line.Length)
            scratch = new byte[2 * line.Length + 1];
        scratch[0] = MerkleTree.LeafPrefix;
        line.CopyTo(scratch.AsSpan(1));
        if (!isErasable || !ErasableValues.TryRead(line, out var values))
            return scratch.AsSpan(0, line.Length + 1);
        // No line contains its end, so this leaf is never that of a complete line, such as this one without its values.
        scratch[values.CoveredBytes + 1] = (byte)'\n';
        return scratch.AsSpan(0, values.CoveredBytes + 2);
    }
}
