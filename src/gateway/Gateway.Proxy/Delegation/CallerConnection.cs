using System.Text.Json.Serialization;

namespace Gateway.Proxy.Delegation;

/// <summary>A caller's connection to a server, as stored. Nothing that a call depends on is outside the seal.</summary>
public sealed record CallerConnection
{
    /// <summary>The server's first name.</summary>
    public required string Server { get; init; }

    /// <summary>The caller's grant.</summary>
    public required string Grant { get; init; }

    /// <summary>The <c>iss</c> of the caller's tokens; null if a grant's token identifies it.</summary>
    public string? Issuer { get; init; }

    /// <summary>The caller's subject at that issuer.</summary>
    public string? Subject { get; init; }

    /// <summary>The person who connected: an operator's name, or the subject.</summary>
    public required string ConnectedBy { get; init; }

    /// <summary>The time at which it was authorized.</summary>
    public required DateTimeOffset Connected { get; init; }

    /// <summary>The authorization server that issued the tokens.</summary>
    public required string AuthorizationServer { get; init; }

    /// <summary>The scope that was requested or granted; null if neither is known.</summary>
    public string? Scope { get; init; }

    /// <summary>The reason why the caller must connect again; null while the connection can be used.</summary>
    public string? Problem { get; init; }

    /// <summary>The time until which one gateway renews the token, in Unix milliseconds; 0 for none.</summary>
    public long RenewedUntilMs { get; init; }

    /// <summary>The sealed <see cref="ConnectionTokens"/>.</summary>
    public string Sealed { get; init; } = "";
}

/// <summary>The tokens of a connection, with the addresses that may receive them.</summary>
internal sealed record ConnectionTokens
{
    // Short lifetimes are renewed in their last quarter, so that a token of a minute can be used at all.
    private const int LastPart = 4;
    private const long DueMs = 60_000;
    private const long MarginMs = 5_000;

    /// <summary>The name of the document, so that a seal is not valid in another one.</summary>
    public required string Name { get; init; }

    /// <summary>The receiver of the access token, see <c>CredentialReceiver.OfConnection</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The authorization server; null in a connection of an earlier release.</summary>
    public string? Issuer { get; init; }

    /// <summary>The only receiver of the refresh token.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>True if the client's secret is sent in the header there.</summary>
    public bool IsBasic { get; init; }

    /// <summary>The gateway's own client that obtained the tokens; null for the one that the operator registered.
    /// </summary>
    public ConnectionClient? Client { get; init; }

    /// <summary>The endpoint that revokes the tokens (RFC 7009); null for none.</summary>
    public Uri? RevocationEndpoint { get; init; }

    /// <summary>The resource that the tokens are for (RFC 8707).</summary>
    public required string Resource { get; init; }

    /// <summary>The access token.</summary>
    public required string Access { get; init; }

    /// <summary>The refresh token; null if none was issued.</summary>
    public string? Refresh { get; init; }

    /// <summary>The time at which the access token was requested, in Unix milliseconds.</summary>
    public required long IssuedMs { get; init; }

    /// <summary>The time at which it expires, in Unix milliseconds; null if unknown.</summary>
    public long? ExpiresMs { get; init; }

    /// <summary>Returns true if it should be renewed before it is sent.</summary>
    public bool IsDue(long nowMs) =>
        ExpiresMs is { } expires && nowMs >= expires - Math.Min(DueMs, (expires - IssuedMs) / LastPart);

    /// <summary>Returns true if it can still be sent.</summary>
    public bool IsUsable(long nowMs) => ExpiresMs is not { } expires || nowMs < expires - MarginMs;

    // The generated method would print the tokens.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Name = ").Append(Name);
        return true;
    }
}

/// <summary>Serializes connections and requests for them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CallerConnection))]
[JsonSerializable(typeof(ConnectionTokens))]
[JsonSerializable(typeof(ConnectionRequestDocument))]
[JsonSerializable(typeof(ConnectionRequest))]
[JsonSerializable(typeof(ConnectionClientDocument))]
[JsonSerializable(typeof(RegisteredClient))]
internal sealed partial class ConnectionJson : JsonSerializerContext;
