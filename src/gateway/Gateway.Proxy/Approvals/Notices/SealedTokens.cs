using System.Buffers.Text;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;

namespace Gateway.Proxy.Approvals.Notices;

/// <summary>
/// Short texts that leave the gateway and come back: encrypted and authenticated under the keys that all frontends
/// share, so that nobody can read, change or forge one.
/// </summary>
public sealed class SealedTokens(SecretProtector secrets)
{
    /// <summary>The maximum length of a token, in characters; longer ones are rejected unread.</summary>
    public const int LengthMax = 1024;

    private const char Between = '\n';
    private const string SealedPrefix = "sealed:";

    /// <summary>Returns a token of these parts, in the base64url alphabet. No part may contain a line break.</summary>
    /// <param name="purpose">The purpose of the token; a token for another purpose is invalid.</param>
    /// <param name="parts">The content.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public async ValueTask<string> MakeAsync(
        string purpose, IEnumerable<string> parts, CancellationToken cancellationToken)
    {
        var made = await secrets.SealAsync(string.Join(Between, [purpose, .. parts]), cancellationToken);
        return Base64Url.EncodeToString(Convert.FromBase64String(made[SealedPrefix.Length..]));
    }

    /// <summary>Returns the parts of a token, or null if it was not made here for this purpose.</summary>
    /// <param name="purpose">The purpose of the token.</param>
    /// <param name="token">The token.</param>
    /// <param name="documents">The documents of the store, with the keys.</param>
    public string[]? Open(string purpose, string token, ControlSnapshot documents)
    {
        if (token.Length > LengthMax || !Base64Url.IsValid(token))
            return null;
        var made = SealedPrefix + Convert.ToBase64String(Base64Url.DecodeFromChars(token));
        return secrets.TryOpen(made, documents, out var text)
            && text.Split(Between) is [var found, .. var parts] && found == purpose
                ? parts
                : null;
    }
}
