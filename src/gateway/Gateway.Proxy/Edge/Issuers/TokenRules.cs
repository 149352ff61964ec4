using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Control.Snapshots;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>The rules by which the claims of a signed token make it an access token for the gateway.</summary>
internal static class TokenRules
{
    private const int SkewSeconds = 60;
    private const string TypePrefix = "application/";

    // The type of any signed token (RFC 7515, 9.2.1), which JWT-SVIDs may have in place of JWT.
    private const string JoseType = "JOSE";
    private static readonly string[] ClaimsOfIdTokens = ["nonce", "at_hash", "c_hash", "s_hash"];

    /// <summary>Returns the reason why the token is not an access token that is valid now; null if it is.</summary>
    public static string? WhyNot(IssuerToken token, IssuerSettings issuer, long nowMs)
    {
        var claims = token.Claims;
        if (WhyNotAccess(token, issuer) is { } why)
            return why;
        // Without the proof that a key is held, a stolen token would be as good as its owner's (RFC 7800).
        return HasKey(claims) && KeyOf(claims) is null && CertificateOf(claims) is null
            ? "the token is bound to a key (cnf) in a way that the gateway cannot verify; use jkt (DPoP) or "
                + "x5t#S256"
            : WhyNotNow(claims, nowMs);
    }

    /// <summary>Returns true if the token is bound to a key, in whatever way.</summary>
    public static bool HasKey(JsonElement claims) => claims.TryGetProperty("cnf", out _);

    /// <summary>
    /// Returns the thumbprint of the key to which a token is bound (RFC 9449, 6.1); null for none, and for another
    /// confirmation.
    /// </summary>
    public static string? KeyOf(JsonElement claims) => Confirmation(claims, "jkt");

    /// <summary>
    /// Returns the digest of the certificate to which a token is bound (RFC 8705, 3.1); null for none, and for another
    /// confirmation.
    /// </summary>
    public static string? CertificateOf(JsonElement claims) => Confirmation(claims, "x5t#S256");

    private static string? Confirmation(JsonElement claims, string member) =>
        claims.TryGetProperty("cnf", out var confirmation) && confirmation.ValueKind == JsonValueKind.Object
        && confirmation.EnumerateObject().Count() == 1 ? MetadataMember.Text(confirmation, member) : null;

    /// <summary>Returns the reason why a token or an assertion is not valid at this time; null if it is.</summary>
    public static string? WhyNotNow(JsonElement claims, long nowMs)
    {
        if (Seconds(claims, "exp") is not { } ends)
            return "the token has no expiry (exp)";
        if (nowMs >= ends * 1000)
            return "the token has expired (exp)";
        var latest = nowMs / 1000 + SkewSeconds;
        if (IsAfter(claims, "nbf", latest))
            return "the token is not valid yet (nbf)";
        return IsAfter(claims, "iat", latest) ? "the token was issued in the future (iat)" : null;
    }

    /// <summary>Returns the time from which the token is refused, in Unix milliseconds.</summary>
    public static long UntilMs(IssuerToken token) => (long)(Seconds(token.Claims, "exp")!.Value * 1000);

    /// <summary>Returns the audiences of the token; none if the claim is not valid.</summary>
    public static ImmutableArray<string> Audiences(JsonElement claims) =>
        !claims.TryGetProperty("aud", out var audience) ? []
        : audience.ValueKind == JsonValueKind.String ? [audience.GetString()!]
        : audience.ValueKind == JsonValueKind.Array
            && audience.EnumerateArray().All(static one => one.ValueKind == JsonValueKind.String)
            ? [.. audience.EnumerateArray().Select(static one => one.GetString()!)]
        : [];

    /// <summary>Returns the caller that the token names, or the reason why it names none.</summary>
    public static (Caller? Caller, string Why) CallerOf(JsonElement claims, byte[] claimsUtf8, IssuerSettings issuer)
    {
        if (issuer.SubjectOf(claims, out var missing) is not { } subject)
            return (null, $"the token has no text in the claim \"{missing}\", which identifies its subject");

        return (new Caller
        {
            Issuer = issuer.Name,
            Subject = subject,
            Client = MetadataMember.Text(claims, "client_id") ?? MetadataMember.Text(claims, "azp"),
            Actor = claims.TryGetProperty("act", out var act) && act.ValueKind == JsonValueKind.Object
                ? MetadataMember.Text(act, "sub") : null,
            Claims = claimsUtf8,
        }, "");
    }

    /// <summary>
    /// Tells access tokens from ID tokens, logout tokens and assertions of the same issuer (RFC 8725, 3.11 and 3.12).
    /// </summary>
    private static string? WhyNotAccess(IssuerToken token, IssuerSettings issuer)
    {
        var type = TypeOf(token);
        if (type.Equals(IssuerSettings.AccessTokenType, StringComparison.OrdinalIgnoreCase))
            return null;
        if (!HasGeneralType(token) || issuer.Type == IssuerSettings.AccessTokenType)
            return "the type of the token (typ) is not that of an access token";
        return WhyOtherUse(token, acceptsIdTokens: issuer.Type is not null) is { } why
            ? $"{why}; send the access token" : null;
    }

    /// <summary>
    /// Returns the reason why a token is not one that a platform gives to a workload, by its type and claims; null if
    /// it is.
    /// </summary>
    public static string? WhyNotOfWorkload(IssuerToken token) => HasGeneralType(token)
        ? WhyOtherUse(token, acceptsIdTokens: false)
        : "the type of the token (typ) is not that of a workload's token";

    private static bool HasGeneralType(IssuerToken token) => TypeOf(token) is var type
        && (type.Equals(IssuerSettings.PlainType, StringComparison.OrdinalIgnoreCase)
            || type.Equals(JoseType, StringComparison.OrdinalIgnoreCase));

    private static string? WhyOtherUse(IssuerToken token, bool acceptsIdTokens) =>
        token.Claims.TryGetProperty("events", out _) ? "the token is a logout or security event token"
        : !acceptsIdTokens && Array.Find(
            ClaimsOfIdTokens, name => token.Claims.TryGetProperty(name, out _)) is { } claim
            ? $"the token looks like an ID token, because it has \"{claim}\"" : null;

    /// <summary>Returns the type of a token, without the prefix that may be omitted (RFC 7515, 4.1.9).</summary>
    public static string TypeOf(IssuerToken token)
    {
        var type = MetadataMember.Text(token.Header, "typ") ?? IssuerSettings.PlainType;
        return type.StartsWith(TypePrefix, StringComparison.OrdinalIgnoreCase) ? type[TypePrefix.Length..] : type;
    }

    // A claim that is present and no number cannot be checked.
    private static bool IsAfter(JsonElement claims, string name, long latest) =>
        claims.TryGetProperty(name, out _) && !(Seconds(claims, name) <= latest);

    /// <summary>Returns a time in Unix seconds; null if there is none.</summary>
    public static double? Seconds(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= 253_402_300_799 ? seconds : null;
}
