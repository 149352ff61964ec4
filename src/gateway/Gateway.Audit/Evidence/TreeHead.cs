using System.Globalization;
using System.Security.Cryptography;

namespace Gateway.Audit.Evidence;

/// <summary>What a tree was at one size: with that, nothing before it can be changed unseen.</summary>
/// <param name="Chain">Which tree: the random id of one start of a gateway.</param>
/// <param name="Size">How many records it held.</param>
/// <param name="Root">The RFC 6962 root over them, in Base64.</param>
public sealed record TreeHead(string Chain, long Size, string Root)
{
    private const int ChainLengthMax = 64;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Chain} {Size} {Root}");

    /// <summary>Null where the text is none.</summary>
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
