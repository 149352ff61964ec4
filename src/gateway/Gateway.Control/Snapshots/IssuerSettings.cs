using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Control.Snapshots;

/// <summary>An identity provider whose access tokens the gateway accepts.</summary>
/// <param name="Name">The name in the configuration.</param>
/// <param name="Issuer">The <c>iss</c> of its tokens, exactly as it writes it.</param>
public sealed record IssuerSettings(string Name, string Issuer)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The maximum number of issuers.</summary>
    public const int Max = 16;

    /// <summary>The <c>typ</c> of RFC 9068, which no other kind of token has.</summary>
    public const string AccessTokenType = "at+jwt";

    /// <summary>The <c>typ</c> of an issuer whose access tokens have no type of their own.</summary>
    public const string PlainType = "JWT";

    /// <summary>The required <c>aud</c>; null for the address that is called.</summary>
    public string? Audience { get; init; }

    /// <summary>The address of its keys; null to discover it.</summary>
    public string? Jwks { get; init; }

    /// <summary>The claims that together identify a person or a program.</summary>
    public ImmutableArray<string> Subject { get; init; } = ["sub"];

    /// <summary>
    /// The only accepted type, or the type of access tokens that look like ID tokens; null to accept
    /// <see cref="AccessTokenType"/>, and other tokens only if nothing in them belongs to an ID token.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>True if metadata of the gateway's addresses names it as an authorization server.</summary>
    public bool IsAdvertised { get; init; }

    /// <summary>The scopes that clients request there; only if it is advertised.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>
    /// True if clients exchange its identity assertions (ID-JAG) at the gateway's token endpoint for access tokens.
    /// </summary>
    public bool AcceptsIdJag { get; init; }

    /// <summary>
    /// True if workloads exchange their tokens of the issuer at the gateway's token endpoint for access tokens
    /// (SEP-1933).
    /// </summary>
    public bool AcceptsWorkloads { get; init; }

    /// <summary>The client certificates that identify its callers; null if its tokens do.</summary>
    public CertificateSettings? Certificates { get; init; }

    /// <summary>The claims with free text, which may be searched.</summary>
    public ImmutableArray<string> FreeText { get; init; } = [];

    /// <summary>The time for which the issuer's keys are used after they were last fetched.</summary>
    public TimeSpan KeysMaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Returns the subject that claims identify; null if one of its claims is missing or is no text.</summary>
    /// <param name="claims">The claims, an object.</param>
    /// <param name="missing">The claim; null if there is a subject.</param>
    public string? SubjectOf(JsonElement claims, out string? missing)
    {
        var values = new List<string>();
        foreach (var name in Subject)
        {
            if (!claims.TryGetProperty(name, out var claim) || claim.ValueKind != JsonValueKind.String
                || claim.GetString() is not { Length: > 0 } value)
            {
                missing = name;
                return null;
            }

            values.Add(value);
        }

        missing = null;
        return values is [var only] ? only : Written(values);
    }

    private static string Written(List<string> values)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartArray();
            foreach (var value in values)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>All of it as one text, for comparison.</summary>
    internal string Text => string.Join('\n', Issuer, Audience, Jwks, Type, KeysMaxAge, IsAdvertised, AcceptsIdJag,
        AcceptsWorkloads, Certificates,
        string.Join(' ', Subject), string.Join(' ', FreeText), string.Join(' ', Scopes));

    /// <summary>Returns true if a token that was verified with these settings is verified with others, too.</summary>
    public bool VerifiesLike(IssuerSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Subject.SequenceEqual(other.Subject)
            && this with
            {
                Subject = other.Subject,
                FreeText = other.FreeText,
                IsAdvertised = other.IsAdvertised,
                Scopes = other.Scopes,
            } == other;
    }
}

/// <summary>An authority whose client certificates identify callers.</summary>
/// <param name="Ca">The file with its root certificates in PEM.</param>
/// <param name="Subject">The part that identifies the holder: one of <see cref="Subjects"/>.</param>
public sealed record CertificateSettings(string Ca, string Subject)
{
    /// <summary>
    /// The beginning of the <see cref="IssuerSettings.Issuer"/>, before the name. No <c>iss</c> has it.
    /// </summary>
    public const string IssuerPrefix = "certificates:";

    /// <summary>The only URI of the subject alternative names, such as a SPIFFE ID.</summary>
    public const string Uri = "uri";

    /// <summary>The only DNS name of the subject alternative names.</summary>
    public const string Dns = "dns";

    /// <summary>The whole distinguished name of the subject.</summary>
    public const string Name = "dn";

    /// <summary>The parts that can identify a holder.</summary>
    public static string[] Subjects { get; } = [Uri, Dns, Name];
}
