using System.Text.Json;

namespace Gateway.Control.Snapshots;

/// <summary>A client that the configuration file registers.</summary>
/// <param name="Id">The <c>client_id</c>.</param>
/// <param name="SecretHash">The hash of its secret; null if it signs assertions.</param>
/// <param name="Keys">Its public keys (RFC 7517, 5); null if it has a secret.</param>
/// <param name="Grant">The grant that it obtains tokens for by client credentials; null for none.</param>
public sealed record OAuthClientSettings(string Id, TokenHash? SecretHash, JsonElement? Keys, string? Grant)
{
    /// <summary>The maximum number of clients.</summary>
    public const int Max = 1000;

    /// <summary>
    /// The identity of its credentials. Tokens contain it, so that they end when the credentials are replaced.
    /// </summary>
    public string Credentials { get; } = SecretHash?.ToString() ?? TokenHash.Of(Keys?.GetRawText() ?? "").ToString();

    /// <summary>Returns the conditions under which a token of its own selects its grant.</summary>
    /// <param name="issuer">The gateway's issuer, which no issuer of the configuration is named.</param>
    internal GrantMatch MatchAt(string issuer) => new(
        issuer, Order: 0,
        [new ClaimCondition("client_id", "eq", JsonElement.Parse($"\"{JsonEncodedText.Encode(Id)}\""))]);
}
