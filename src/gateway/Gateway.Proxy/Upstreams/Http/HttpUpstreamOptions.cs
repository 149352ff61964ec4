using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams.Credentials;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>The address of an HTTP server, and the settings of every request to it.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record HttpUpstreamOptions
{
    /// <summary>The server's MCP endpoint, http or https, absolute; with several replicas, the first.</summary>
    public required Uri Url { get; init; }

    /// <summary>The endpoints of all replicas, including the first; empty if there is only one.</summary>
    public ImmutableArray<Uri> Replicas { get; init; } = [];

    /// <summary>The transport; null to detect it.</summary>
    public ServerTransport? Transport { get; init; }

    /// <summary>The operator's choice of a proxy; null uses the environment.</summary>
    public OutboundProxy? Proxy { get; init; }

    /// <summary>The certificate files; null uses the system's trust and no client certificate.</summary>
    public ServerTlsFiles? Tls { get; init; }

    /// <summary>
    /// The headers added to every request, such as the server's credential. They override the client's.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// The headers with values of the caller, each the text of a <see cref="Policy.Rules.CallerTemplate"/>.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> CallerHeaders { get; init; } = [];

    /// <summary>The token about the caller of each request; null for none.</summary>
    public CallerTokenSpec? CallerToken { get; init; }

    /// <summary>Signs these tokens; null if there is no <see cref="CallerToken"/>.</summary>
    public ICallerAssertions? CallerAssertions { get; init; }

    /// <summary>The registered server's name, for the log and the metrics.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>
    /// The gateway's account at the server's authorization server, whose tokens are sent with every request; null if
    /// there is none. The server must then use https or be on this machine.
    /// </summary>
    public OAuthClientOptions? OAuth { get; init; }

    /// <summary>The gateway's account on AWS, which signs every request; null if there is none.</summary>
    public AwsAccount? Aws { get; init; }

    /// <summary>
    /// Returns the credential of a caller, if each request carries that of its caller; null if it carries the
    /// gateway's.
    /// </summary>
    public Func<GrantModel, ICallerCredential>? CallerCredentials { get; init; }

    /// <summary>
    /// The names of credentials that must be entered again before anything is sent; empty if none is missing.
    /// </summary>
    public ImmutableArray<string> DetachedCredentials { get; init; } = [];

    /// <summary>Opens the connections to the server and to its authorization server.</summary>
    public OutboundConnector Connector { get; init; } = OutboundConnector.Default;

    /// <summary>The maximum time for opening a connection, including TLS. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The maximum number of open connections to this server. 1,024.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>The maximum number of them per grant, so that other grants reach the server too. 256.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerCallerMax { get; init; } = 256;

    /// <summary>
    /// The maximum number of requests of one grant that wait for a connection; any further one is refused. 1,024.
    /// </summary>
    [Range(0, 1_000_000)]
    public int WaitersPerCallerMax { get; init; } = 1024;

    /// <summary>The time that a request waits for a connection before it is refused. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan PlaceWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time for which a connection is reused; bounded so that a changed address takes effect. 5 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The maximum number of HTTP+SSE sessions; each holds a connection. 256.</summary>
    [Range(1, 1_000_000)]
    public int SessionsMax { get; init; } = 256;

    /// <summary>The maximum number of them per grant. 64.</summary>
    [Range(1, 1_000_000)]
    public int SessionsPerCallerMax { get; init; } = 64;

    /// <summary>The maximum number of open requests per HTTP+SSE session. 256.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerSessionMax { get; init; } = 256;

    /// <summary>
    /// The maximum length of an event of an HTTP+SSE stream, in bytes; a longer one ends its session. 16 MiB.
    /// </summary>
    [Range(1024, 1 << 30)]
    public int EventBytesMax { get; init; } = ResponseRelay.EvaluatedBytesMax;

    /// <summary>The time in which a server must open an HTTP+SSE stream and name its endpoint. 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan EndpointWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time after which an unused HTTP+SSE session ends. 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan SessionIdleMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The time after which an HTTP+SSE session without a second message ends. 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan SessionUnconfirmedMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The time for which an HTTP+SSE session without an open call cannot be evicted. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SessionMakeRoomAfter { get; init; } = TimeSpan.FromSeconds(30);
}
