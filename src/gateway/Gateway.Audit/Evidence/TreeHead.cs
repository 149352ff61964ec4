using System.Globalization;
using System.Security.Cryptography;

namespace Gateway.Audit.Evidence;

/// <summary>
/// The state of a tree at one size. Anyone who knows it can detect every change to the records before it.
/// </summary>
/// <param name="Chain">Id of the tree: random, one for each start of a gateway.</param>
/// <param name="Size">Number of records.</param>
/// <param name="Root">The RFC 6962 root over the records, in Base64.</param>
public sealed record TreeHead(string Chain, long Size, string Root)
{
    private const int ChainLengthMax = 64;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Chain} {Size} {Root}");

    /// <summary>Returns null if the text is not a tree head.</summary>
    public static TreeHead? Parse(string text) =>
        text.Split(' ') is [{ Length: > 0 and <= ChainLengthMax } chain, var number, var root]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && IsHash(root)
            ? new TreeHead(chain, size, root)
            : null;

    internal static bool IsHash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes + 1];
        return Convert.TryFromBase64String(text, hash, out var length) && length == SHA256.HashSizeInBytes;
    }
}
