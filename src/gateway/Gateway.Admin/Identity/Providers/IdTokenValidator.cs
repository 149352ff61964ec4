using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Admin.Identity.Providers;

/// <summary>
/// Validates signature, issuer, audience and lifetime of ID tokens (OpenID Connect Core 3.1.3.7). The TLS connection to
/// the token endpoint would prove as much, but not behind a proxy that intercepts TLS.
/// </summary>
internal sealed class IdTokenValidator(ProviderKeys keys, ProcessClock clock)
{
    /// <summary>Tolerated difference between the clocks of the gateway and the provider.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Asymmetric algorithms (RFC 7518, 3.1). With HS256, anybody who knows the client secret could sign.
    /// </summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new();

    /// <summary>Validates a token.</summary>
    /// <exception cref="AuthenticationFailureException">It is not valid; the message has the reason.</exception>
    public async Task ValidateAsync(
        ProviderSettings provider, ProviderEndpoints endpoints, string? text, CancellationToken cancellationToken)
    {
        var token = Read(text);
        Exception? problem = null;
        foreach (var isUnknown in (bool[])[false, true])
        {
            var known = await keys.GetAsync(endpoints.Keys, isUnknown, cancellationToken);
            var candidates = known.FindAll(key => (key.Alg is null or "" || key.Alg == token.Alg)
                && (token.Kid is null or "" || key.Kid == token.Kid));
            if (candidates.Count == 0)
                continue;
            var result = await _handler.ValidateTokenAsync(token, Parameters(provider, candidates));
            if (result.IsValid)
                return;
            problem = result.Exception;
            if (problem is not SecurityTokenInvalidSignatureException)
                break;
        }

        throw new AuthenticationFailureException(
            $"Its ID token is not valid: {Reason(problem, token)}.", problem);
    }

    private static JsonWebToken Read(string? text)
    {
        JsonWebToken token;
        try
        {
            token = new JsonWebToken(text ?? "");
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or FormatException)
        {
            throw new AuthenticationFailureException("It sent no valid ID token.", e);
        }

        if (!Algorithms.Contains(token.Alg, StringComparer.Ordinal))
        {
            throw new AuthenticationFailureException(
                $"Its ID token is signed with \"{token.Alg}\"; let the provider sign this client's tokens with RS256 "
                + "or ES256.");
        }

        // An extension that must be understood (RFC 7515, 4.1.11), or a token for another purpose (RFC 8725, 3.11).
        return token.TryGetHeaderValue<object>("crit", out _) || !(token.Typ is null or ""
            || token.Typ.Equals("JWT", StringComparison.OrdinalIgnoreCase))
            ? throw new AuthenticationFailureException(
                "Its ID token has \"crit\", or a \"typ\" other than JWT, which are not accepted.")
            : token;
    }

    private TokenValidationParameters Parameters(ProviderSettings provider, List<JsonWebKey> candidates) => new()
    {
        ValidAlgorithms = Algorithms,
        IssuerSigningKeys = candidates,
        TryAllIssuerSigningKeys = true,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ValidIssuer = provider.Issuer,
        ValidAudience = provider.ClientId,
        ValidateTokenReplay = false,
        LifetimeValidator = (from, until, _, _) =>
        {
            var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()).UtcDateTime;
            return until is { } end && now < end + Skew && (from is null || from <= now + Skew);
        },
    };

    private static string Reason(Exception? problem, JsonWebToken token) => problem switch
    {
        null => $"it is signed with the key \"{token.Kid}\", which the provider does not publish",
        SecurityTokenInvalidSignatureException => "the signature is wrong",
        SecurityTokenInvalidIssuerException => "it is from another issuer",
        SecurityTokenInvalidAudienceException => "it is for another client",
        SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => "it is expired or not yet valid",
        _ => problem.GetType().Name,
    };
}
