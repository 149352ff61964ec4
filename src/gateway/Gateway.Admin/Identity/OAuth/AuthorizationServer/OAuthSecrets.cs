using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Secrets of 256 random bits, of which only the hash is stored.</summary>
internal static class OAuthSecrets
{
    public static string Access() => AdminKeys.NewToken(AccessTokenDirectory.Prefix);

    public static string Code() => AdminKeys.NewToken("pgc_");

    public static string ClientId() => AdminKeys.NewToken("pgcid_");

    public static string ClientSecret() => AdminKeys.NewToken("pgcs_");

    /// <summary>
    /// Returns the hash that a grant has in place of a token's: its secret is discarded, so nobody can use it.
    /// </summary>
    public static TokenHash Nobodys() => TokenHash.Of(AdminKeys.NewToken(""));

    /// <summary>Returns true if a verifier matches a challenge (RFC 7636, S256).</summary>
    public static bool Verifies(string verifier, string challenge) =>
        verifier.Length is >= 43 and <= 128 && IsUnreserved(verifier)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            Encoding.ASCII.GetBytes(challenge));

    /// <summary>Returns true if the text can be a challenge: a SHA-256 hash in base64url.</summary>
    public static bool IsChallenge(string challenge) => challenge.Length == 43 && IsUnreserved(challenge);

    private static bool IsUnreserved(string text) =>
        text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');
}
