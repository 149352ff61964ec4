using System.Numerics;
using System.Security.Cryptography;
using Gateway.Audit.Records;

namespace Gateway.Audit.Evidence;

/// <summary>
/// An append-only Merkle tree (RFC 6962). It stores only the roots of its complete subtrees, at most 63.
/// </summary>
internal sealed class MerkleTree
{
    /// <summary>Prefix of a leaf's bytes when they are hashed (RFC 6962, 2.1).</summary>
    public const byte LeafPrefix = 0;

    private const byte NodePrefix = 1;
    private const int HashBytes = SHA256.HashSizeInBytes;

    private readonly byte[] _peaks = new byte[64 * HashBytes];
    private int _count;

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>The root, in Base64.</summary>
    public string Root
    {
        get
        {
            Span<byte> root = stackalloc byte[HashBytes];
            if (_count == 0)
                SHA256.HashData([], root);
            else
                Peak(_count - 1).CopyTo(root);
            for (var i = _count - 2; i >= 0; i--)
                Join(Peak(i), root, root);
            return Convert.ToBase64String(root);
        }
    }

    /// <summary>The roots of the complete subtrees in Base64, largest first.</summary>
    public string[] Peaks => [.. Enumerable.Range(0, _count).Select(i => Convert.ToBase64String(Peak(i)))];

    /// <summary>
    /// Adds a leaf; <paramref name="prefixed"/> is <see cref="LeafPrefix"/> followed by the leaf's bytes.
    /// </summary>
    public void Add(ReadOnlySpan<byte> prefixed)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        RecordDigest.Hash(prefixed, [], hash);
        AddHash(hash);
    }

    /// <summary>Returns the hash of a leaf; <paramref name="prefixed"/> as in <see cref="Add"/>.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> prefixed)
    {
        var hash = new byte[HashBytes];
        RecordDigest.Hash(prefixed, [], hash);
        return hash;
    }

    /// <summary>Adds a leaf by its hash.</summary>
    public void AddHash(ReadOnlySpan<byte> leaf)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        leaf.CopyTo(hash);
        for (var size = Size; (size & 1) == 1; size >>= 1)
            Join(Peak(--_count), hash, hash);
        hash.CopyTo(Peak(_count++));
        Size++;
    }

    /// <summary>
    /// Restores a tree from its subtree roots. Returns false if they do not match the size and root of
    /// <paramref name="head"/>.
    /// </summary>
    public bool TryRestore(TreeHead head, IReadOnlyList<string> peaks)
    {
        if (peaks.Count != BitOperations.PopCount((ulong)head.Size) || !peaks.All(TreeHead.IsHash))
            return false;
        (_count, Size) = (0, head.Size);
        foreach (var peak in peaks)
            Convert.FromBase64String(peak).CopyTo(Peak(_count++));
        return Root == head.Root;
    }

    private Span<byte> Peak(int i) => _peaks.AsSpan(i * HashBytes, HashBytes);

    private static void Join(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> into)
    {
        Span<byte> node = stackalloc byte[1 + (2 * HashBytes)];
        node[0] = NodePrefix;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashBytes)..]);
        RecordDigest.Hash(node, [], into);
    }
}
