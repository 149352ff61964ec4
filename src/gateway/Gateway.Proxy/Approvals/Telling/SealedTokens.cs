using System.Buffers.Text;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;

namespace Gateway.Proxy.Approvals.Telling;

/// <summary>
/// Short texts that go out and come back: encrypted and authenticated under the keys that all frontends share, so that
/// nobody reads one, changes one or makes one up.
/// </summary>
public sealed class SealedTokens(SecretProtector secrets)
{
    /// <summary>Characters of the longest token that is looked at.</summary>
    public const int LengthMax = 1024;

    private const char Between = '\n';
    private const string SealedPrefix = "sealed:";

    /// <summary>A token of these parts, in the alphabet of base64url; none of them holds a line break.</summary>
    /// <param name="purpose">What it is for: one for another purpose is none.</param>
    /// <param name="parts">What it says.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public async ValueTask<string> MakeAsync(
        string purpose, IEnumerable<string> parts, CancellationToken cancellationToken)
    {
        var made = await secrets.SealAsync(string.Join(Between, [purpose, .. parts]), cancellationToken);
        return Base64Url.EncodeToString(Convert.FromBase64String(made[SealedPrefix.Length..]));
    }

    /// <summary>The parts of a token; null where it was not made here for this purpose.</summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="token">The token.</param>
    /// <param name="documents">The store's, with the keys.</param>
    public string[]? Open(string purpose, string token, ControlSnapshot documents)
    {
        if (token.Length > LengthMax || !Base64Url.IsValid(token))
            return null;
        var made = SealedPrefix + Convert.ToBase64String(Base64Url.DecodeFromChars(token));
        if (!secrets.TryOpen(made, out var text))
        {
            // Another frontend may have sealed it with a key that it has just made.
            secrets.Update(documents);
            if (!secrets.TryOpen(made, out text))
                return null;
        }

        return text.Split(Between) is [var found, .. var parts] && found == purpose ? parts : null;
    }
}
