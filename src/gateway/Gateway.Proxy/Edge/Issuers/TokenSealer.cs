using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// The sealer of access tokens that contain their caller, with keys that all frontends share. No store keeps such a
/// token, so any number of people may have one.
/// </summary>
public sealed class TokenSealer
{
    /// <summary>The prefix of every token.</summary>
    public const string Prefix = "pgc_";

    /// <summary>The maximum length of a token; web servers accept headers of 32 kB in all.</summary>
    public const int LengthMax = 16 * 1024;

    private readonly IDataProtector _protector;

    /// <summary>Uses the provider's keys for this purpose only.</summary>
    public TokenSealer(IDataProtectionProvider provider) =>
        _protector = provider.CreateProtector("Gateway.OAuth.CallerToken.v1");

    /// <summary>Returns the token.</summary>
    public string Seal(SealedCaller caller) => Prefix + Base64Url.EncodeToString(
        _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(caller, SealedCallerJson.Default.SealedCaller)));

    /// <summary>Returns the content of a token; null if this gateway did not seal it.</summary>
    public SealedCaller? Open(ReadOnlySpan<char> token)
    {
        if (token.Length > LengthMax || !token.StartsWith(Prefix))
            return null;
        try
        {
            return JsonSerializer.Deserialize(
                _protector.Unprotect(Base64Url.DecodeFromChars(token[Prefix.Length..])),
                SealedCallerJson.Default.SealedCaller);
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>The content of a token that contains its caller.</summary>
/// <param name="Claims">The claims of the caller, with <c>iss</c>, <c>sub</c> and <c>client_id</c>.</param>
/// <param name="Resource">The server that it is for, or the placeholder for all of them.</param>
/// <param name="UntilMs">The time from which it is refused, in Unix milliseconds.</param>
public sealed record SealedCaller(JsonElement Claims, string Resource, long UntilMs)
{
    /// <summary>The credentials of a client that the configuration file registers; null for any other.</summary>
    public string? Credentials { get; init; }

    /// <summary>The thumbprint of the key to which the token is bound; null for a token without a key.</summary>
    public string? ProofKey { get; init; }
}

/// <summary>Serializes the content of tokens.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SealedCaller))]
internal sealed partial class SealedCallerJson : JsonSerializerContext;
