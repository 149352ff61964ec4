using System.Text.Json.Serialization;
using Gateway.Admin.Pausing;
using Gateway.Admin.Records;
using Gateway.Control.ConfigFile;

namespace Gateway.Admin.Servers;

/// <summary>A server as it is shown: the names of its headers, never their values.</summary>
/// <param name="Name">Its name; agents reach it at <c>/mcp/{name}</c>.</param>
/// <param name="Url">Its MCP endpoint; <c>stdio:</c> and the command of one that is a program.</param>
/// <param name="HeaderNames">Which headers are sent with every request.</param>
/// <param name="Origin"><c>file</c> or <c>api</c>: what made it, and where it is changed.</param>
/// <param name="OAuth">Its account for access tokens.</param>
/// <param name="Programs">Its programs at this gateway; null where it is at an address.</param>
internal sealed record ServerView(
    string Name, string Url, IReadOnlyList<string> HeaderNames, string Origin,
    [property: JsonPropertyName("oauth")] OAuthView? OAuth, ProgramsView? Programs = null)
{
    /// <summary>The name that it was registered with, if it was renamed: its state is kept under it.</summary>
    public string? FirstName { get; init; }

    /// <summary>Its other names, if it was renamed. Agents reach it there too.</summary>
    public IReadOnlyList<string>? FormerNames { get; init; }

    /// <summary>The endpoints of all replicas, <c>url</c> first; absent where there is only one.</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>The transport that was chosen, <c>http</c> or <c>sse</c>; absent where it is detected.</summary>
    public string? Transport { get; init; }

    /// <summary>
    /// The HTTP+SSE sessions, as this process holds them; absent in records, and where the server is not known to speak
    /// that transport.
    /// </summary>
    public SseView? Sse { get; init; }

    /// <summary>The proxy that was chosen for it, without a credential; absent where the environment decides.</summary>
    public ServerProxyConfig? Proxy { get; init; }

    /// <summary>How long calls wait for its response; absent for as long as their clients.</summary>
    public ServerTimeoutsConfig? Timeouts { get; init; }

    /// <summary>Its certificate files, at the gateway's machine.</summary>
    public ServerTlsConfig? Tls { get; init; }

    /// <summary>The replicas and why one is not used, as this process found it; absent in records.</summary>
    public IReadOnlyList<ReplicaView>? Replicas { get; init; }

    /// <summary>The DNS name at which it is served at <c>/mcp</c>; null where it has none.</summary>
    public string? Host { get; init; }

    /// <summary>The policy of grants that clients sign in for; null where the operator has to choose.</summary>
    [JsonPropertyName("oauthPolicy")]
    public string? OAuthPolicy { get; init; }

    /// <summary>
    /// Credentials that must be entered again, such as <c>header Authorization</c>: an operator who may not manage
    /// secrets changed who would receive them. Calls are refused until then; absent where there are none.
    /// </summary>
    public IReadOnlyList<string>? DetachedCredentials { get; init; }

    /// <summary>Whether it answers, as the calls of this process found it; absent in records.</summary>
    public ServerStateView? Health { get; init; }

    /// <summary>How many grants reach it, in lists.</summary>
    public int? Grants { get; init; }

    /// <summary>The version for <c>If-Match</c>, in lists; null for what the file provisions.</summary>
    public long? Version { get; init; }

    /// <summary>That every call to it is refused; null while it is not paused.</summary>
    public PauseView? Paused { get; init; }
}

/// <summary>A replica of a server.</summary>
/// <param name="Url">Its endpoint.</param>
/// <param name="Fault">Why it is not used at the moment; absent where it is.</param>
internal sealed record ReplicaView(string Url, string? Fault);

/// <summary>The HTTP+SSE sessions with a server.</summary>
/// <param name="Detected">Whether the transport was detected, not chosen.</param>
/// <param name="Sessions">Sessions that are open.</param>
/// <param name="SessionsMax">The most of them.</param>
internal sealed record SseView(bool Detected, int Sessions, int SessionsMax);
