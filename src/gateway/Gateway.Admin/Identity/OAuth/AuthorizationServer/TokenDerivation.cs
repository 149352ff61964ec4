using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Derives the successor of a refresh token from the token and a server key, so that presenting a token twice yields
/// the same successor. A refresh token is <c>pgr_</c> and base64url of: 16 bytes that only the server key can compute
/// from the family, the generation (4 bytes, big-endian), and 32 secret bytes. The first part identifies the family of
/// a token that is so old that its hash is no longer stored.
/// </summary>
internal static class TokenDerivation
{
    public const string RefreshPrefix = "pgr_";

    private const int TagBytes = 16;
    private const int GenerationBytes = 4;
    private const int SecretBytes = 32;
    private const int AllBytes = TagBytes + GenerationBytes + SecretBytes;

    /// <summary>Returns the random tokens of a new sign-in.</summary>
    public static TokenPair First(byte[] key, string family) => new(
        Refresh(key, family, 0, RandomNumberGenerator.GetBytes(SecretBytes)), OAuthSecrets.Access());

    /// <summary>Returns the only tokens that this key issues for <paramref name="presented"/>.</summary>
    public static TokenPair Successor(byte[] key, string family, string presented)
    {
        // Tokens of the previous release carry no generation and count as generation 0.
        var next = Parse(presented) is { } bytes
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(TagBytes)) + 1
            : 1;
        return new TokenPair(
            Refresh(key, family, next, Mac(key, "refresh", family, next, presented)),
            AccessTokenDirectory.Prefix + Base64Url.EncodeToString(Mac(key, "access", family, next, presented)));
    }

    /// <summary>Returns true if the token was issued for this family under this key.</summary>
    public static bool IsOf(byte[] key, string family, string token) =>
        Parse(token) is { } bytes
        && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, TagBytes), Tag(key, family));

    private static string Refresh(byte[] key, string family, uint generation, byte[] secret)
    {
        var bytes = new byte[AllBytes];
        Tag(key, family).CopyTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(TagBytes), generation);
        secret.CopyTo(bytes.AsSpan(TagBytes + GenerationBytes));
        return RefreshPrefix + Base64Url.EncodeToString(bytes);
    }

    private static ReadOnlySpan<byte> Tag(byte[] key, string family) =>
        Mac(key, "family", family, 0, "").AsSpan(0, TagBytes);

    // Labels, family ids (hexadecimal) and numbers contain no line feed, so no two inputs have the same bytes.
    private static byte[] Mac(byte[] key, string label, string family, uint generation, string token) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{label}\n{family}\n{generation}\n{token}")));

    private static byte[]? Parse(string token)
    {
        if (!token.StartsWith(RefreshPrefix, StringComparison.Ordinal)
            || token.Length != RefreshPrefix.Length + Base64Url.GetEncodedLength(AllBytes))
        {
            return null;
        }

        var bytes = new byte[AllBytes];
        return Base64Url.TryDecodeFromChars(token.AsSpan(RefreshPrefix.Length), bytes, out var length)
            && length == AllBytes ? bytes : null;
    }
}

/// <summary>A refresh token and the access token that is issued with it. Only the hashes are stored.</summary>
internal sealed record TokenPair(string Refresh, string Access)
{
    public string RefreshHash { get; } = TokenHash.Of(Refresh).ToString();

    public string AccessHash { get; } = TokenHash.Of(Access).ToString();
}
