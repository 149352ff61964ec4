using System.Text.Json.Serialization;
using Gateway.Admin.Pausing;
using Gateway.Admin.Records;
using Gateway.Control.Contracts;

namespace Gateway.Admin.Servers;

/// <summary>
/// A server in a response: its configuration, with the address of the first replica beside those of all, and its
/// status. Of its credentials there are names only. A program has <c>stdio:</c> and its command as the address.
/// </summary>
internal sealed record ServerView : ServerSpec
{
    /// <summary>Its name; agents reach it at <c>/mcp/{name}</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which headers are sent with every request.</summary>
    public IReadOnlyList<string> HeaderNames { get; init; } = [];

    /// <summary><c>file</c> or <c>api</c>: what made it, and where it is changed.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Its account for access tokens.</summary>
    [JsonPropertyName("oauth")]
    public OAuthView? OAuth { get; init; }

    /// <summary>Its programs at this gateway; null where it is at an address.</summary>
    public ProgramsView? Programs { get; init; }

    /// <summary>The name that it was registered with, if it was renamed: its state is kept under it.</summary>
    public string? FirstName { get; init; }

    /// <summary>Its other names, if it was renamed. Agents reach it there too.</summary>
    public IReadOnlyList<string>? FormerNames { get; init; }

    /// <summary>
    /// The HTTP+SSE sessions, as this process holds them; absent in records, and where the server is not known to speak
    /// that transport.
    /// </summary>
    public SseView? Sse { get; init; }

    /// <summary>Its certificate files, at the gateway's machine.</summary>
    public ServerTlsFiles? Tls { get; init; }

    /// <summary>The replicas and why one is not used, as this process found it; absent in records.</summary>
    public IReadOnlyList<ReplicaView>? Replicas { get; init; }

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
