using System.Security.Cryptography;
using Gateway.Audit.Evidence;

namespace Gateway.Audit.Tests.Evidence;

public sealed class MerkleTreeTests
{
    [Fact]
    public void An_empty_tree_and_one_leaf_have_the_roots_of_RFC_6962()
    {
        var tree = new MerkleTree();
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Hex(tree.Root));

        tree.Add([MerkleTree.LeafPrefix]);

        Assert.Equal("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", Hex(tree.Root));
    }

    [Fact]
    public void Has_the_root_of_the_definition_at_every_size_and_goes_on_from_its_peaks()
    {
        var (tree, leaves) = (new MerkleTree(), new List<byte[]>());
        for (var size = 1; size <= 70; size++)
        {
            byte[] leaf = [MerkleTree.LeafPrefix, .. Encoding.UTF8.GetBytes($"record {size}")];
            leaves.Add(SHA256.HashData(leaf));
            tree.Add(leaf);
            Assert.Equal(Convert.ToBase64String(Root([.. leaves])), tree.Root);

            var next = new MerkleTree();
            Assert.True(next.TryRestore(new TreeHead("chain", size, tree.Root), tree.Peaks));
            Assert.Equal(tree.Root, next.Root);
            Assert.False(new MerkleTree().TryRestore(new TreeHead("chain", size, tree.Root), tree.Peaks[1..]));
            Assert.False(new MerkleTree().TryRestore(
                new TreeHead("chain", size, Convert.ToBase64String(new byte[32])), tree.Peaks));
            tree = next;
        }
    }

    private static byte[] Root(byte[][] leaves)
    {
        if (leaves.Length == 1)
            return leaves[0];
        var left = 1;
        while (left * 2 < leaves.Length)
            left *= 2;
        return SHA256.HashData([1, .. Root(leaves[..left]), .. Root(leaves[left..])]);
    }

    private static string Hex(string base64) => Convert.ToHexStringLower(Convert.FromBase64String(base64));
}
