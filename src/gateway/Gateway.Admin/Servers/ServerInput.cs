using System.Text.Json.Serialization;
using Gateway.Control.ConfigFile;

namespace Gateway.Admin.Servers;

/// <summary>A server as the operator sets it.</summary>
internal sealed record ServerInput
{
    /// <summary>Its MCP endpoint, <c>http</c> or <c>https</c>.</summary>
    public string? Url { get; init; }

    /// <summary>In place of <c>url</c>: the endpoints of its replicas, 1 to 16.</summary>
    public List<string>? Urls { get; init; }

    /// <summary>
    /// <c>http</c> or <c>sse</c>. Absent keeps the one that is set, an empty text has it detected.
    /// </summary>
    public string? Transport { get; init; }

    /// <summary>
    /// The proxy to it, without a credential. Absent keeps the one that is set, <c>{}</c> leaves it to the environment.
    /// </summary>
    public ServerProxyConfig? Proxy { get; init; }

    /// <summary>
    /// How long calls wait for its response. Absent keeps what is set, <c>{}</c> takes it away.
    /// </summary>
    public ServerTimeoutsConfig? Timeouts { get; init; }

    /// <summary>
    /// Headers sent with every request; they are encrypted and never shown again. Absent keeps those that are set. A
    /// PATCH merges them by name, and null removes one.
    /// </summary>
    public Dictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// A DNS name at which it is served at exactly <c>/mcp</c>. Absent keeps the one that is set, an empty text takes
    /// it away.
    /// </summary>
    public string? Host { get; init; }

    /// <summary>
    /// The policy of grants that clients sign in for, unless an operator chooses another. Absent keeps the one that is
    /// set, an empty text takes it away.
    /// </summary>
    [JsonPropertyName("oauthPolicy")]
    public string? OAuthPolicy { get; init; }

    /// <summary>
    /// The gateway's account for access tokens; its secret is encrypted and never shown again. Absent keeps the one
    /// that is set, <c>{}</c> takes it away, and without a secret the one of the same client stays.
    /// </summary>
    [JsonPropertyName("oauth")]
    public OAuthConfig? OAuth { get; init; }
}
