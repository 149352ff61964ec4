using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Gateway.Control.Contracts;

/// <summary>
/// A server as an operator configures it, without its credentials. The file, the stored document, and the requests and
/// responses of the API add their own members to these.
/// </summary>
public record ServerSpec
{
    /// <summary>The transport Streamable HTTP.</summary>
    internal const string Http = "http";

    /// <summary>The older transport HTTP+SSE.</summary>
    internal const string Sse = "sse";

    /// <summary>Each caller has a connection of its own, which it authorized with OAuth.</summary>
    public const string CallersOAuth = "oauth";

    /// <summary>The maximum number of replicas of a server.</summary>
    public const int UrlsMax = 16;

    private const int CallerHeadersMax = 16;

    /// <summary>The declared members.</summary>
    public static ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(SpecJson.Default.ServerSpec);

    /// <summary>The MCP endpoint.</summary>
    [Member("The http or https address of the MCP endpoint, without user information.", Order = 1)]
    public string? Url { get; set; }

    /// <summary>The endpoints of replicas.</summary>
    [Member("The endpoints of several replicas of one server, in place of \"url\".", CountMin = 1, CountMax = UrlsMax,
        Order = 2, BelongsTo = "url", Option = "replica", Placeholder = "URL", Title = "Replicas")]
    public List<string>? Urls { get; set; }

    /// <summary>The transport.</summary>
    [Member("\"http\" for Streamable HTTP, \"sse\" for the older HTTP+SSE. Absent: detected when a session begins.",
        Choices = [Http, Sse], HasDefault = false, Order = 3, BelongsTo = "url", Placeholder = "TRANSPORT",
        Absent = "auto")]
    public string? Transport { get; set; }

    /// <summary>The HTTP proxy to the server.</summary>
    [Member("An HTTP proxy that opens tunnels (CONNECT). Absent: HTTPS_PROXY, HTTP_PROXY and NO_PROXY from the "
        + "gateway's environment.", Order = 4, BelongsTo = "url")]
    public ServerProxySpec? Proxy { get; set; }

    /// <summary>The headers with values of the caller.</summary>
    [Member("Headers that are sent with each request and contain values of its caller, such as {caller.subject}, "
        + "{caller.claims.email} or {grant}. If the caller lacks such a value, the call is not "
        + "sent.", CountMax = CallerHeadersMax, Order = 23,
        BelongsTo = "url", Placeholder = MemberAttribute.Header)]
    public Dictionary<string, string>? CallerHeaders { get; set; }

    /// <summary>The signed token about the caller.</summary>
    [Member("A token that identifies the caller; the gateway signs such a token for each request. Absent: "
        + "none.", Order = 24,
        BelongsTo = "url")]
    public CallerTokenSpec? CallerToken { get; set; }

    /// <summary>The timeouts of requests.</summary>
    [Member("How long requests wait for their responses. Absent: as long as their clients wait.", Order = 6)]
    public ServerTimeoutsSpec? Timeouts { get; set; }

    /// <summary>The handling of tasks.</summary>
    [Member("The gateway's handling of the server's tasks (extension io.modelcontextprotocol/tasks). Absent: the "
        + "server decides.", Order = 25)]
    public ServerTasksSpec? Tasks { get; set; }

    /// <summary>The host name at which the server is served directly.</summary>
    [Member("A DNS name in lower case at which agents reach the server at exactly /mcp, besides /mcp/NAME.",
        LengthMax = 253, Order = 20, Placeholder = "HOST")]
    public string? Host { get; set; }

    /// <summary>The policy of grants that clients sign in for.</summary>
    [Member("The policy of a grant that is created when a client signs in, unless an operator chooses another policy.",
        Order = 21, Placeholder = "POLICY", Title = "Policy of sign-ins")]
    [JsonPropertyName("oauthPolicy")]
    public string? OAuthPolicy { get; set; }

    /// <summary>The credential of calls.</summary>
    [Member("\"oauth\": each call carries the access token of its caller's own connection. The caller authorizes the "
        + "connection once. Its client is the one in \"oauth\", or one that the gateway registers. Absent: every call "
        + "carries the gateway's credential.",
        Choices = [CallersOAuth], HasDefault = false, Order = 23, BelongsTo = "url", Placeholder = "AUTH",
        Absent = "none", Title = "Authentication")]
    public string? Auth { get; set; }
}

/// <summary>A server with its credentials, as a request sets it.</summary>
public record ServerInput : ServerSpec
{
    /// <summary>The declared members.</summary>
    public static new ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(SpecJson.Default.ServerInput);

    /// <summary>The headers.</summary>
    [Member("Headers by name, sent with every request; visible ASCII.", Order = 7, IsSecret = true,
        Placeholder = MemberAttribute.Header)]
    public Dictionary<string, string>? Headers { get; set; }

    /// <summary>The gateway's account.</summary>
    [Member("The gateway's account at the server's authorization server, for access tokens.", Order = 8,
        Title = "OAuth client")]
    [JsonPropertyName("oauth")]
    public ServerAccountInput? OAuth { get; set; }
}

/// <summary>The HTTP proxy to a server.</summary>
public sealed record ServerProxySpec
{
    /// <summary>The address of the proxy.</summary>
    [Member("The http address of the proxy. A user name and password in the address are the gateway's credential at "
        + "the proxy. Absent: the proxy from the environment.", Option = "proxy", Placeholder = "URL",
        Title = "Address")]
    public string? Url { get; set; }

    /// <summary>True if the proxy resolves names.</summary>
    [Member("true: the proxy resolves the server's name and decides which addresses are reached.",
        Placeholder = "", Title = "Resolves names")]
    public bool? Resolves { get; set; }
}

/// <summary>The timeouts of a server, in seconds.</summary>
public sealed record ServerTimeoutsSpec
{
    /// <summary>The default for the maximum time to which progress extends a request, in seconds.</summary>
    public const int MaxSecondsDefault = 10 * 60;

    internal const string ToolSeconds = "TOOL=SECONDS";
    private const int SecondsBound = 24 * 60 * 60;

    /// <summary>The timeout of any request.</summary>
    [Member("The timeout of every request. Absent: none.", Min = 1, Max = SecondsBound, Option = "timeout",
        Placeholder = "SECONDS", Title = "Each request")]
    public int? CallSeconds { get; set; }

    /// <summary>The timeouts of calls, by the name of the tool.</summary>
    [Member("The timeouts of calls of these tools, in seconds.", Min = 1, Max = SecondsBound, Option = "tool-timeout",
        Placeholder = ToolSeconds, Title = "Calls of single tools")]
    public Dictionary<string, int>? Tools { get; set; }

    /// <summary>The maximum time to which progress extends a request.</summary>
    [Member("The maximum duration of a request if progress messages extend its timeout; at least the longest "
        + "timeout.", Min = 1,
        Max = SecondsBound, Default = MaxSecondsDefault, Option = "timeout-max", Placeholder = "SECONDS",
        Title = "Maximum with progress")]
    public int? MaxSeconds { get; set; }
}

/// <summary>The handling of a server's tasks.</summary>
public sealed record ServerTasksSpec
{
    private const int TtlSecondsBound = 30 * 24 * 60 * 60;
    private const int AfterSecondsBound = 300;

    /// <summary>The maximum TTL, in seconds.</summary>
    [Member("The maximum TTL of a task; it replaces a longer or unlimited TTL. Absent: the server's TTL.", Min = 1,
        Max = TtlSecondsBound, Placeholder = "SECONDS", Title = "Maximum TTL")]
    public int? MaxTtlSeconds { get; set; }

    /// <summary>The time after which any call becomes a task of the gateway, in seconds.</summary>
    [Member("The time after which a call becomes a task of the gateway, if its client declares the extension "
        + "(2026-07-28). Absent: never.", Min = 1, Max = AfterSecondsBound, Placeholder = "SECONDS",
        Title = "Calls become tasks after")]
    public int? AfterSeconds { get; set; }

    /// <summary>The same for calls of one tool, by its name.</summary>
    [Member("The time after which calls of these tools become tasks, in seconds.", Min = 1, Max = AfterSecondsBound,
        Placeholder = ServerTimeoutsSpec.ToolSeconds, Title = "Calls of single tools after")]
    public Dictionary<string, int>? Tools { get; set; }

    /// <summary>True if some calls may become tasks of the gateway.</summary>
    [JsonIgnore]
    public bool HasAfter => AfterSeconds is not null || Tools is { Count: > 0 };

    /// <summary>Returns the time after which a call of this tool becomes a task; null for never.</summary>
    public int? AfterOf(string? tool) =>
        tool is not null && Tools?.TryGetValue(tool, out var own) == true ? own : AfterSeconds;
}

/// <summary>A token about the caller that the gateway signs for each request to a server.</summary>
public sealed record CallerTokenSpec
{
    /// <summary>The header of a token for a server that sets none.</summary>
    public const string HeaderDefault = "Authorization";

    /// <summary>The lifetime of a token for a server that sets none, in seconds.</summary>
    public const int SecondsDefault = 60;

    private const int AudienceMax = 1024;
    private const int SecondsMax = 600;

    /// <summary>The header.</summary>
    [Member("The header for the token. In Authorization, \"Bearer\" precedes it. Absent: Authorization.",
        LengthMin = 1, LengthMax = 64, Placeholder = "NAME")]
    public string? Header { get; set; }

    /// <summary>The audience.</summary>
    [Member("The token's \"aud\". Absent: the server's address.", LengthMin = 1, LengthMax = AudienceMax,
        Placeholder = "NAME")]
    public string? Audience { get; set; }

    /// <summary>The lifetime in seconds.</summary>
    [Member("How long the token is valid.", Min = 10, Max = SecondsMax, Default = SecondsDefault,
        Placeholder = "SECONDS", Title = "Lifetime")]
    public int? Seconds { get; set; }
}

/// <summary>The gateway's account at a server's authorization server (<c>client_credentials</c>).</summary>
public record ServerAccountSpec
{
    /// <summary>The declared members.</summary>
    public static ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(SpecJson.Default.ServerAccountSpec);

    /// <summary>The exchange of RFC 8693.</summary>
    public const string TokenExchange = "token_exchange";

    /// <summary>The exchange of Microsoft Entra ID.</summary>
    public const string OnBehalfOf = "on_behalf_of";

    /// <summary>The audience of client assertions that is the token endpoint.</summary>
    public const string TokenEndpoint = "token_endpoint";

    internal const int IdLengthMax = 1024;
    internal const int SecretLengthMax = 4096;
    private const string Issuers = "issuer";

    /// <summary>The client's id.</summary>
    [Member("The client id, of visible ASCII characters. Absent with \"auth\": the gateway identifies itself, or "
        + "registers.", LengthMin = 1, LengthMax = IdLengthMax, Order = 1, Placeholder = "ID",
        Title = "Client ID")]
    public string? ClientId { get; set; }

    /// <summary>The scopes to request.</summary>
    [Member("Scopes, separated by spaces. Absent: those that the server requests.", Order = 3, Placeholder = "SCOPE",
        Title = "Scopes")]
    public string? Scope { get; set; }

    /// <summary>The issuer of the authorization server.</summary>
    [Member("The only authorization server that gets the secret. Absent: the first one that the server names; the "
        + "gateway then logs a warning.", Order = 4, Placeholder = "URL")]
    public string? Issuer { get; set; }

    /// <summary>The way in which the account obtains tokens for callers.</summary>
    [Member("\"token_exchange\" (RFC 8693) or \"on_behalf_of\" (Microsoft Entra): calls carry a token that the "
        + "gateway gets in exchange for the caller's token. Absent: calls carry the account's own token.",
        Choices = [TokenExchange, OnBehalfOf], HasDefault = false, Order = 5, Placeholder = "KIND",
        Absent = "none")]
    public string? Exchange { get; set; }

    /// <summary>The audience of exchanged tokens.</summary>
    [Member("With \"token_exchange\": the server's name at the authorization server, such as a client id of Keycloak. "
        + "Absent: the server's address, as \"resource\".", LengthMin = 1, LengthMax = IdLengthMax, Order = 6,
        Placeholder = "NAME")]
    public string? Audience { get; set; }

    /// <summary>The id of the private key.</summary>
    [Member("With \"privateKey\": the \"kid\" of the public key at the authorization server. Absent: the \"kid\" of a "
        + "JWK.",
        LengthMin = 1, LengthMax = IdLengthMax, Order = 8, Placeholder = "KID", Title = "Key ID")]
    public string? KeyId { get; set; }

    /// <summary>The algorithm of signatures.</summary>
    [Member("With \"privateKey\": the algorithm of the signature. Absent: the \"alg\" of a JWK; otherwise RS256, or "
        + "the algorithm of the curve.",
        Choices = ["RS256", "PS256", "ES256", "ES384"], HasDefault = false, Order = 9, Placeholder = "ALGORITHM",
        Absent = "none")]
    public string? Algorithm { get; set; }

    /// <summary>The audience of client assertions.</summary>
    [Member("With \"privateKey\": the \"aud\" of the client's assertions. \"token_endpoint\", which Microsoft Entra "
        + "and Okta require, needs \"issuer\".", Choices = [Issuers, TokenEndpoint], Order = 10,
        Placeholder = "AUDIENCE")]
    public string? AssertionAudience { get; set; }
}

/// <summary>The gateway's account with its secret or its private key.</summary>
public sealed record ServerAccountInput : ServerAccountSpec
{
    /// <summary>The upper bound of the length of a private key with its certificates, in characters.</summary>
    public const int KeyLengthMax = 16 * 1024;

    /// <summary>The client's secret.</summary>
    [Member("The client secret, of visible ASCII characters.", LengthMin = 1, LengthMax = SecretLengthMax, Order = 2,
        IsSecret = true, Placeholder = "SECRET")]
    public string? ClientSecret { get; set; }

    /// <summary>The client's private key.</summary>
    [Member("In place of \"clientSecret\": the key that signs client assertions (private_key_jwt, RFC 7523), as PEM or "
        + "JWK: RSA of at least 2048 bits, P-256 or P-384. A certificate in the PEM is named in each assertion.",
        LengthMin = 1, LengthMax = KeyLengthMax, Order = 7, IsSecret = true, Placeholder = MemberAttribute.File)]
    public string? PrivateKey { get; set; }
}
