using System.Buffers.Text;
using System.Text.Json;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Authentication;

namespace Gateway.Admin.Identity.Providers;

/// <summary>
/// A provider's claims about a person: those of <c>userinfo</c>, and otherwise those of the ID token, whose signature
/// <see cref="IdTokenValidator"/> has validated.
/// </summary>
internal sealed class ProviderClaims
{
    private const int SubjectLengthMax = 255;
    private const int DisplayNameLengthMax = 128;
    private const int NameLengthMax = 56;
    private readonly JsonElement _info;
    private readonly JsonElement _token;

    private ProviderClaims(JsonElement info, JsonElement token) => (_info, _token) = (info, token);

    /// <summary>The claims of the ID token, which the provider signed.</summary>
    public JsonElement OfToken => _token;

    /// <summary>The provider's identifier of the person.</summary>
    public string Subject => Text(_info, "sub")!;

    /// <summary>The person's name; null if it cannot be displayed.</summary>
    public string? DisplayName => Values("name").FirstOrDefault() is { Length: > 0 and <= DisplayNameLengthMax } name
        && !name.Any(char.IsControl) ? name : null;

    /// <summary>Checks both against each other, and that they were issued for this sign-in.</summary>
    /// <exception cref="AuthenticationFailureException">A check failed.</exception>
    public static ProviderClaims Read(
        ProviderSettings provider, string? idToken, JsonElement info, string nonce, DateTimeOffset now)
    {
        var token = Payload(idToken);
        var wrong = Text(token, "iss") != provider.Issuer ? "from another issuer"
            : !Texts(token, "aud").Contains(provider.ClientId, StringComparer.Ordinal) ? "for another client"
            : token.TryGetProperty("azp", out _) && Text(token, "azp") != provider.ClientId ? "for another client"
            // With several audiences, azp names the client that the token was issued for.
            : Texts(token, "aud").Count > 1 && !token.TryGetProperty("azp", out _) ? "for several clients"
            : Text(token, "nonce") != nonce ? "for another sign-in"
            : !token.TryGetProperty("exp", out var end) || !end.TryGetInt64(out var seconds)
                || seconds < (now - IdTokenValidator.Skew).ToUnixTimeSeconds() ? "expired"
            : Text(token, "sub") is not { Length: > 0 and <= SubjectLengthMax } subject ? "without a subject"
            : info.ValueKind != JsonValueKind.Object || Text(info, "sub") != subject
                ? "not for the person that userinfo names"
            : null;
        return wrong is null
            ? new ProviderClaims(info, token)
            : throw new AuthenticationFailureException($"Its ID token is {wrong}.");
    }

    /// <summary>Returns the roles that the claims give, sorted by name.</summary>
    public IReadOnlyList<string> Roles(ProviderSettings provider) =>
    [
        .. Values(provider.RoleClaim).Append(ProviderSettings.Everybody)
            .SelectMany(value => provider.Roles.TryGetValue(value, out var roles) ? roles : [])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Returns the preferred name of a new account.</summary>
    public string NameFor(ProviderSettings provider)
    {
        var claimed = Values(provider.NameClaim).FirstOrDefault() ?? Subject;
        var plain = string.Concat(claimed.Split('@')[0].Select(static c =>
            char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-')).Trim('-', '.', '_');
        return plain.Length == 0 ? "operator" : plain.Length > NameLengthMax ? plain[..NameLengthMax] : plain;
    }

    /// <summary>
    /// Returns the person as the subject that an issuer's tokens name; null if the ID token lacks a claim of it.
    /// </summary>
    public CallerSubject? CallerOf(IssuerSettings issuer) => issuer.SubjectOf(_token, out _) is { } subject
        ? new CallerSubject(issuer.Issuer, issuer.Subject, subject) : null;

    private List<string> Values(string claim) =>
        Texts(_info, claim) is { Count: > 0 } claimed ? claimed : Texts(_token, claim);

    private static JsonElement Payload(string? token)
    {
        try
        {
            if (token?.Split('.') is [_, { } body, _] && JsonElement.Parse(
                Base64Url.DecodeFromChars(body),
                new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false }) is
                { ValueKind: JsonValueKind.Object } payload)
            {
                return payload;
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
        }

        throw new AuthenticationFailureException("It sent no valid ID token.");
    }

    private static string? Text(JsonElement json, string name) => Texts(json, name) is [{ } one] ? one : null;

    private static List<string> Texts(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : value.ValueKind != JsonValueKind.Array ? []
        : [.. value.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String)
            .Select(static one => one.GetString()!)];
}
