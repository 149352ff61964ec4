using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>Where an HTTP server is and what every request to it carries.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record HttpUpstreamOptions
{
    /// <summary>The server's MCP endpoint, http or https, absolute; of several replicas the first.</summary>
    public required Uri Url { get; init; }

    /// <summary>The endpoints of all replicas, the first included; empty where there is only one.</summary>
    public ImmutableArray<Uri> Replicas { get; init; } = [];

    /// <summary>The transport; null where it is detected.</summary>
    public ServerTransport? Transport { get; init; }

    /// <summary>The operator's choice of a proxy; null leaves it to the environment.</summary>
    public OutboundProxy? Proxy { get; init; }

    /// <summary>Certificate files; null for the system's trust and no client certificate.</summary>
    public ServerTlsFiles? Tls { get; init; }

    /// <summary>
    /// Headers added to every request, such as the server's own credential. They win over the client's.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The registered server's name, for the log and the metrics.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>
    /// The gateway's own account at the server's authorization server, whose tokens are sent with every request; null
    /// where it has none. The server is then reached by https, or on this machine.
    /// </summary>
    public OAuthClientOptions? OAuth { get; init; }

    /// <summary>
    /// Credentials that must be entered again before anything is sent, for people; empty where none is missing.
    /// </summary>
    public ImmutableArray<string> DetachedCredentials { get; init; } = [];

    /// <summary>Opens the connections to the server and to its authorization server.</summary>
    public OutboundConnector Connector { get; init; } = OutboundConnector.Default;

    /// <summary>How long a connection may take to open, TLS included. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most connections that are open to this server at once. 1,024.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>The most of them that one grant holds, so that the others reach the server too. 256.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerCallerMax { get; init; } = 256;

    /// <summary>The most requests of one grant that wait for a connection; a further one is refused. 1,024.</summary>
    [Range(0, 1_000_000)]
    public int WaitersPerCallerMax { get; init; } = 1024;

    /// <summary>How long a request waits for a connection that others hold before it is refused. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan PlaceWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection is reused, so that a changed address is found. 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most HTTP+SSE sessions at once; each holds a connection. 256.</summary>
    [Range(1, 1_000_000)]
    public int SessionsMax { get; init; } = 256;

    /// <summary>The most of them that one grant has. 64.</summary>
    [Range(1, 1_000_000)]
    public int SessionsPerCallerMax { get; init; } = 64;

    /// <summary>The most requests under way in one HTTP+SSE session. 256.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerSessionMax { get; init; } = 256;

    /// <summary>The longest event of an HTTP+SSE stream, in bytes; a longer one ends its session. 16 MiB.</summary>
    [Range(1024, 1 << 30)]
    public int EventBytesMax { get; init; } = ResponseRelay.JudgedBytesMax;

    /// <summary>How long a server has to open an HTTP+SSE stream and to name its endpoint. 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan EndpointWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an HTTP+SSE session stays that nobody uses. 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan SessionIdleMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an HTTP+SSE session stays to which no message came after its first. 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan SessionUnconfirmedMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an HTTP+SSE session without a call under way is safe from having to make room. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SessionMakeRoomAfter { get; init; } = TimeSpan.FromSeconds(30);
}
