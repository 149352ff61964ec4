using System.Text.Json.Serialization;
using Gateway.Admin.Pausing;
using Gateway.Admin.Records;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Admin.Servers;

/// <summary>
/// A server in a response: its configuration, with the address of the first replica beside those of all, and its
/// status. Credentials are represented by their names only. A program has <c>stdio:</c> and its command as the address.
/// </summary>
internal sealed record ServerView : ServerSpec
{
    /// <summary>The name; agents reach the server at <c>/mcp/{name}</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>The names of the headers that are sent with every request.</summary>
    public IReadOnlyList<string> HeaderNames { get; init; } = [];

    /// <summary><c>file</c> or <c>api</c>: the origin of the server, which is also where it is changed.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The gateway's account for access tokens.</summary>
    [JsonPropertyName("oauth")]
    public OAuthView? OAuth { get; init; }

    /// <summary>The programs at this gateway; null if the server is at an address.</summary>
    public ProgramsView? Programs { get; init; }

    /// <summary>The name with which a renamed server was registered; its state is kept under this name.</summary>
    public string? FirstName { get; init; }

    /// <summary>The other names of a renamed server. Agents can still use them.</summary>
    public IReadOnlyList<string>? FormerNames { get; init; }

    /// <summary>
    /// The HTTP+SSE sessions of this process; absent in records, and if the server is not known to use that transport.
    /// </summary>
    public SseView? Sse { get; init; }

    /// <summary>The certificate files on the gateway's machine.</summary>
    public ServerTlsFiles? Tls { get; init; }

    /// <summary>The account that signs requests for AWS.</summary>
    public AwsView? Aws { get; init; }

    /// <summary>The replicas, each with the reason if this process does not use it; absent in records.</summary>
    public IReadOnlyList<ReplicaView>? Replicas { get; init; }

    /// <summary>
    /// Credentials that must be entered again, such as <c>header Authorization</c>, because an operator who may not
    /// manage secrets changed their receiver. Calls are refused until then; absent if there are none.
    /// </summary>
    public IReadOnlyList<string>? DetachedCredentials { get; init; }

    /// <summary>The health of the server as calls of this process found it; absent in records.</summary>
    public ServerStateView? Health { get; init; }

    /// <summary>The number of grants that reach it; in lists only.</summary>
    public int? Grants { get; init; }

    /// <summary>The version for <c>If-Match</c>, in lists; null if the configuration file provisions it.</summary>
    public long? Version { get; init; }

    /// <summary>The pause, during which every call to the server is refused; null if it is not paused.</summary>
    public PauseView? Paused { get; init; }
}

/// <summary>The account that signs requests to a server on AWS, without its secrets.</summary>
/// <param name="Region">The region of the server.</param>
/// <param name="Service">The signing name of its service.</param>
/// <param name="AccessKeyId">The id of the access key.</param>
internal sealed record AwsView(string Region, string Service, string AccessKeyId)
{
    public static AwsView? Of(AwsAccount? account) => account is null ? null
        : new AwsView(account.Region, account.Service, account.AccessKeyId);
}

/// <summary>A replica of a server.</summary>
/// <param name="Url">The endpoint of the replica.</param>
/// <param name="Fault">The reason why it is not currently used; absent if it is.</param>
internal sealed record ReplicaView(string Url, string? Fault);

/// <summary>The HTTP+SSE sessions with a server.</summary>
/// <param name="Detected">True if the transport was detected, false if it was configured.</param>
/// <param name="Sessions">The number of open sessions.</param>
/// <param name="SessionsMax">The maximum number of sessions.</param>
internal sealed record SseView(bool Detected, int Sessions, int SessionsMax);

/// <summary>The gateway's account for a server's access tokens, without its secret.</summary>
internal sealed record OAuthView : ServerAccountSpec
{
    /// <summary>
    /// The reason why this gateway has no token; absent if it has one, or has not needed one yet.
    /// </summary>
    public string? LastError { get; init; }

    /// <summary>True if it identifies itself with a private key; absent if it has a secret or nothing.</summary>
    public bool? HasPrivateKey { get; init; }

    public static OAuthView? Of(OAuthClientOptions? client, string? lastError = null) => client is null ? null
        : ServerAccountSpec.Members.Copy(client.ToSpec(), new OAuthView
        {
            LastError = lastError,
            HasPrivateKey = client.Key is null ? null : true,
        });
}
