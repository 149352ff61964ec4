using System.Collections.Immutable;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader that checks the issuers whose tokens identify callers.</summary>
/// <param name="problem">Receives a JSON Pointer, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
internal sealed class IdentityReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private const string Place = "/identity";
    private const int TextLengthMax = 4096;
    private const int ClaimLengthMax = 256;
    private const int ClaimsMax = 16;
    private const int HeaderLengthMax = 64;

    // OpenID Connect Core 1.0, 5.7: only iss and sub identify a person.
    private static readonly string[] ChangingClaims = ["email", "preferred_username"];

    private static readonly TimeSpan AgeMin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AgeMax = TimeSpan.FromDays(7);

    // They have a meaning of their own at the gateway or at a proxy in front of it.
    private static readonly string[] OtherHeaders =
    [
        "Accept", "Authorization", "Baggage", "Connection", "Content-Length", "Content-Type", "Cookie", "Host",
        "Last-Event-ID", "Origin", "Traceparent", "Tracestate", "Transfer-Encoding",
    ];

    /// <summary>Reads the <c>identity</c> member.</summary>
    public static IdentityConfig? Members(MemberReader config)
    {
        if (config.Given("identity") is not { } node
            || MemberReader.Open(node, Place, "\"identity\"", config.Context) is not { } members)
        {
            return null;
        }

        var identity = new IdentityConfig
        {
            Issuers = members.Named(
                members.Given("issuers"), "issuers", (one, pointer) => Issuer(one, pointer, members)),
            ApiKeyHeader = members.GivenText("apiKeyHeader"),
            CertificateHeader = members.GivenText("certificateHeader"),
        };
        members.RefuseOthers();
        return identity;
    }

    /// <summary>Returns the settings, with the issuers that have no problem.</summary>
    /// <param name="config">The member as written; null if it is absent.</param>
    /// <param name="origin">The origin of the gateway's addresses; null if it is not configured.</param>
    /// <param name="oauth">The gateway as an authorization server; null if it is not one.</param>
    public CallerSettings Read(IdentityConfig? config, Uri? origin, OAuthSettings? oauth)
    {
        if (config is null)
            return CallerSettings.None with { Origin = origin };
        if (config.Issuers.Count > IssuerSettings.Max)
            problem($"{Place}/issuers", $"at most {IssuerSettings.Max} issuers are allowed");
        var issuers = config.Issuers.OrderBy(static one => one.Key, StringComparer.Ordinal)
            .Select(one => Read(one.Key, one.Value, origin)).OfType<IssuerSettings>().ToImmutableArray();
        foreach (var twin in issuers.GroupBy(static one => one.Issuer).Where(static same => same.Count() > 1))
        {
            problem($"{Place}/issuers/{JsonPointer.Escape(twin.Last().Name)}/issuer",
                $"the issuers {string.Join(" and ", twin.Select(static one => one.Name))} have the same \"issuer\"");
        }

        foreach (var one in issuers)
        {
            var place = $"{Place}/issuers/{JsonPointer.Escape(one.Name)}";
            if (one.AcceptsIdJag && oauth is null)
                problem($"{place}/idJag", "\"idJag\" needs \"oauth\", whose token endpoint exchanges the assertions");
            if (one.AcceptsWorkloads && oauth is null)
            {
                problem($"{place}/workloads",
                    "\"workloads\" needs \"oauth\", whose token endpoint exchanges the tokens of workloads");
            }

            if (one.Issuer == oauth?.Issuer)
                problem($"{place}/issuer", "this is the gateway's own issuer, whose tokens are always accepted; remove "
                    + "it");
        }

        var (key, certificate) = (
            Header("apiKeyHeader", config.ApiKeyHeader), Header("certificateHeader", config.CertificateHeader));
        if (certificate is not null
            && certificate.Equals(key ?? CallerSettings.KeyHeaderDefault, StringComparison.OrdinalIgnoreCase))
        {
            problem($"{Place}/certificateHeader", "this header carries tokens; name the header that carries "
                + "certificates");
        }

        return new CallerSettings
        {
            Issuers = issuers,
            KeyHeader = key ?? CallerSettings.KeyHeaderDefault,
            CertificateHeader = certificate,
            Origin = origin,
        };
    }

    private static IssuerConfig? Issuer(JsonNode node, string pointer, MemberReader identity)
    {
        if (MemberReader.Open(node, pointer, "an issuer", identity.Context) is not { } members)
            return null;
        var issuer = new IssuerConfig
        {
            Issuer = members.GivenText("issuer"),
            Audience = members.GivenText("audience"),
            Jwks = members.GivenText("jwks"),
            Subject = members.Given("subject") is { } subject ? members.Texts(subject, "subject") : null,
            Typ = members.Choice(
                members.Given("typ"), "typ", IssuerSettings.AccessTokenType, IssuerSettings.PlainType),
            Advertise = members.Flag(members.Given("advertise"), "advertise") ?? false,
            Scopes = members.Texts(members.Given("scopes"), "scopes"),
            IdJag = members.Flag(members.Given("idJag"), "idJag") ?? false,
            Workloads = members.Flag(members.Given("workloads"), "workloads") ?? false,
            FreeText = members.Texts(members.Given("freeText"), "freeText"),
            KeysMaxAgeSeconds = members.GivenWhole("keysMaxAgeSeconds"),
            Certificates = Certificates(members, pointer),
        };
        members.RefuseOthers();
        return issuer;
    }

    private static CertificatesConfig? Certificates(MemberReader issuer, string pointer)
    {
        if (issuer.Given("certificates") is not { } node || MemberReader.Open(
            node, pointer + "/certificates", "\"certificates\"", issuer.Context) is not { } members)
        {
            return null;
        }

        var subject = members.Given("subject");
        var certificates = new CertificatesConfig
        {
            Ca = members.GivenText("ca"),
            Subject = members.Choice(subject, "subject", CertificateSettings.Subjects) ?? (subject is null ? null : ""),
        };
        members.RefuseOthers();
        return certificates;
    }

    private IssuerSettings? Read(string name, IssuerConfig config, Uri? origin)
    {
        var place = $"{Place}/issuers/{JsonPointer.Escape(name)}";
        if (!EntityName.IsValid(name))
            problem(place, $"\"{name}\" is not a valid name of an issuer; {EntityName.Rule}");
        if (config.Certificates is { } certificates)
            return OfCertificates(name, place, config, certificates);
        if (config.Issuer is null)
            problem(place, "an issuer needs \"issuer\", the \"iss\" of its tokens");
        var issuer = Text($"{place}/issuer", config.Issuer);
        if (issuer is not null && !IsAddress(issuer))
        {
            problem($"{place}/issuer", $"\"{issuer}\" is not a valid issuer: write an https address without a query, "
                + "or an http address of this machine, exactly as in the tokens");
        }

        var jwks = Text($"{place}/jwks", config.Jwks);
        if (jwks is not null && !IsAddress(jwks, hasQuery: true))
            problem($"{place}/jwks", $"\"{jwks}\" is neither an https address nor an http address of this machine");
        if (config.Audience is null && origin is null)
        {
            problem(place, "without \"audience\", tokens are for the address that is called, so \"publicUrl\" must "
                + "name the gateway's address; add one of them");
        }

        var audience = Text($"{place}/audience", config.Audience);
        var age = TimeSpan.FromSeconds(Math.Clamp(config.KeysMaxAgeSeconds ?? 86_400, 0, 1_000_000_000));
        if (age < AgeMin || age > AgeMax)
        {
            problem($"{place}/keysMaxAgeSeconds",
                $"\"keysMaxAgeSeconds\" must be from {(long)AgeMin.TotalSeconds} to {(long)AgeMax.TotalSeconds}");
        }

        var subject = Claims($"{place}/subject", config.Subject ?? ["sub"]);
        if (subject.IsEmpty)
            problem($"{place}/subject", "\"subject\" needs at least one claim");
        foreach (var claim in subject.Intersect(ChangingClaims, StringComparer.Ordinal))
        {
            problem($"{place}/subject", $"\"{claim}\" cannot identify a caller, because it may change or be given to "
                + "another person: write \"sub\", or another claim whose values the issuer never reuses; policies can "
                + $"still compare \"caller.claims.{claim}\"");
        }

        return issuer is null ? null : new IssuerSettings(name, issuer)
        {
            Audience = audience,
            Jwks = jwks,
            Subject = subject,
            Type = config.Typ,
            IsAdvertised = config.Advertise,
            Scopes = Scopes($"{place}/scopes", config),
            AcceptsIdJag = config.IdJag,
            AcceptsWorkloads = config.Workloads,
            FreeText = Claims($"{place}/freeText", config.FreeText),
            KeysMaxAge = age,
        };
    }

    /// <summary>Reads an issuer without tokens: each certificate of its authorities is a caller.</summary>
    private IssuerSettings? OfCertificates(
        string name, string place, IssuerConfig config, CertificatesConfig certificates)
    {
        if ((config.Issuer ?? config.Audience ?? config.Jwks ?? config.Typ) is not null || config.Subject is not null
            || config.KeysMaxAgeSeconds is not null || config.Advertise || config.Scopes.Count > 0 || config.IdJag
            || config.Workloads)
        {
            problem(place,
                "an issuer with \"certificates\" has no tokens; keep only \"certificates\" and \"freeText\"");
        }

        if (certificates.Subject is null)
        {
            problem($"{place}/certificates", "\"subject\" must name the part of a certificate that identifies the "
                + "holder: "
                + string.Join(", ", CertificateSettings.Subjects));
        }

        if (certificates.Ca is null)
            problem($"{place}/certificates", "\"ca\" must name a file with certificate authorities in PEM");
        if (certificates is not { Ca: { } written, Subject: { Length: > 0 } subject }
            || expand($"{place}/certificates/ca", written) is not { } path)
        {
            return null;
        }

        if (!Path.IsPathFullyQualified(path))
            problem($"{place}/certificates/ca", $"\"{path}\" is not an absolute path; begin it with /");
        else
            ServerTls.Read(new() { Ca = path }, (_, why) => problem($"{place}/certificates/ca", why));
        return new IssuerSettings(name, CertificateSettings.IssuerPrefix + name)
        {
            Certificates = new(path, subject),
            FreeText = Claims($"{place}/freeText", config.FreeText),
        };
    }

    private string? Header(string member, string? name)
    {
        if (name is null)
            return null;
        if (name.Length is 0 or > HeaderLengthMax
            || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            || name.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase)
            || OtherHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            problem($"{Place}/{member}", $"\"{name}\" cannot be the name of this header: use 1 to {HeaderLengthMax} "
                + "letters, digits and hyphens, but not the name of a header of HTTP or MCP");
        }

        return name;
    }

    private ImmutableArray<string> Claims(string place, List<string> names)
    {
        if (names.Count > ClaimsMax || names.Exists(static name => name.Length is 0 or > ClaimLengthMax))
            problem(place, $"at most {ClaimsMax} claims are allowed, each with 1 to {ClaimLengthMax} characters");
        return [.. names];
    }

    // RFC 6749, 3.3.
    private ImmutableArray<string> Scopes(string place, IssuerConfig config)
    {
        if (config.Scopes.Count > 0 && !config.Advertise)
            problem(place, "clients see \"scopes\" only with \"advertise\": true; add it, or remove \"scopes\"");
        if (config.Scopes.Count > ClaimsMax || config.Scopes.Exists(static scope =>
            scope.Length is 0 or > ClaimLengthMax || scope.AsSpan().ContainsAnyExceptInRange('!', '~')
            || scope.AsSpan().ContainsAny('"', '\\')))
        {
            problem(place, $"at most {ClaimsMax} scopes are allowed, each with 1 to {ClaimLengthMax} visible ASCII "
                + "characters and without spaces, quotes and backslashes");
        }

        return [.. config.Scopes];
    }

    private string? Text(string place, string? written)
    {
        if (written is null || expand(place, written) is not { } text)
            return null;
        if (text.Length is > 0 and <= TextLengthMax && !text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return text;
        problem(place, $"this must have 1 to {TextLengthMax} visible ASCII characters");
        return null;
    }

    private static bool IsAddress(string text, bool hasQuery = false) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && (hasQuery || url.Query.Length == 0) && url.Fragment.Length == 0 && url.UserInfo.Length == 0;
}
