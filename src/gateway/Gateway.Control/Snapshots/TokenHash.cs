using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Control.Snapshots;

/// <summary>
/// The SHA-256 of a bearer token, in four parts of eight bytes from the first on: all that the gateway keeps of the
/// token. The parts are not 128-bit numbers, because code that names such a type is not compiled ahead of time, and
/// every start would compile all code that reads grants.
/// </summary>
public readonly record struct TokenHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    /// <summary>The rule for a token and for other secrets that an operator chooses.</summary>
    public static readonly string TokenRule = $"{LengthMin} to {LengthMax} visible ASCII characters";

    private const string Prefix = "sha256:";
    private const int LengthMin = 16;
    private const int LengthMax = 512;

    /// <summary>Returns true if the text obeys <see cref="TokenRule"/>.</summary>
    public static bool IsToken(string token) =>
        token.Length is >= LengthMin and <= LengthMax && !token.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>Hashes the token's UTF-8 bytes.</summary>
    public static TokenHash Of(ReadOnlySpan<char> token)
    {
        Span<byte> utf8 = stackalloc byte[1024];
        var bytes = Encoding.UTF8.GetByteCount(token) <= utf8.Length
            ? utf8[..Encoding.UTF8.GetBytes(token, utf8)]
            : Encoding.UTF8.GetBytes(token.ToArray());
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return FromBytes(hash);
    }

    /// <summary>
    /// Returns a hash for a grant without a token. It is one bit away from the hash of a known text, so no text with
    /// this hash can be found.
    /// </summary>
    public static TokenHash OfNone(string grant)
    {
        var hash = Of(grant);
        return hash with { Fourth = hash.Fourth ^ 1 };
    }

    /// <summary>Reads <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TokenHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        if (text is null || text.Length != Prefix.Length + 2 * bytes.Length
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || Convert.FromHexString(text.AsSpan(Prefix.Length), bytes, out _,
                out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        hash = FromBytes(bytes);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Prefix}{First:x16}{Second:x16}{Third:x16}{Fourth:x16}";

    private static TokenHash FromBytes(ReadOnlySpan<byte> bytes) =>
        new(
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));
}
