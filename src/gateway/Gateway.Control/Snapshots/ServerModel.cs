using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Control.Network;

namespace Gateway.Control.Snapshots;

/// <summary>
/// A registered server as the pipeline sees it: at an address, or a program of its own. Compare two with
/// <see cref="ServerReachComparer"/>: the equality of this record takes equal arrays for different ones.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Its MCP endpoint, of several replicas the first; null exactly where it is a program.</param>
/// <param name="Headers">Sent with every request.</param>
public sealed record ServerModel(string Name, Uri? Url, ImmutableArray<KeyValuePair<string, string>> Headers)
{
    /// <summary>The program; null where it is at an address.</summary>
    public ProgramCommand? Command { get; init; }

    /// <summary>The endpoints of all replicas, the first included; empty where there is only one.</summary>
    public ImmutableArray<Uri> Replicas { get; init; } = [];

    /// <summary>How messages are exchanged with it; null where the gateway detects that.</summary>
    public ServerTransport? Transport { get; init; }

    /// <summary>The operator's choice of a proxy; null leaves it to the environment.</summary>
    public OutboundProxy? Proxy { get; init; }

    /// <summary>Certificate files; null for the system's trust and no client certificate.</summary>
    public ServerTlsFiles? Tls { get; init; }

    /// <summary>The gateway's account for its access tokens; null where it has none.</summary>
    public OAuthClientOptions? OAuth { get; init; }

    /// <summary>
    /// Headers whose values must be entered again: without the permission to manage secrets somebody changed who
    /// would receive them. Nothing is sent to the server until then.
    /// </summary>
    public ImmutableArray<string> DetachedHeaders { get; init; } = [];

    /// <summary>Whether the client secret of <see cref="OAuth"/> must be entered again, and is not here.</summary>
    public bool IsClientSecretDetached { get; init; }

    /// <summary>The headers that are registered, whether their values may be sent or not.</summary>
    public IEnumerable<string> HeaderNames => Headers.Select(static header => header.Key).Concat(DetachedHeaders);

    /// <summary>Credentials that must be entered again, for people.</summary>
    public IEnumerable<string> DetachedCredentials
    {
        get
        {
            var headers = DetachedHeaders.Select(static header => $"header {header}");
            return IsClientSecretDetached ? headers.Append("OAuth client secret") : headers;
        }
    }

    /// <summary>How long calls wait for its response; null for as long as their clients.</summary>
    public ServerTimeouts? Timeouts { get; init; }

    /// <summary>A host name of its own, at which it is served at <c>/mcp</c>; null where it has none.</summary>
    public string? Host { get; init; }

    /// <summary>The policy of grants that clients sign in for; null where the operator has to choose.</summary>
    public string? OAuthPolicy { get; init; }

    /// <summary>Where it is, for people. A program's arguments are left out: they may hold secrets.</summary>
    public string Address => Url?.ToString() ?? $"stdio:{Command?.Program}";

    /// <summary>Returns the configuration, without the credentials and what only the file has.</summary>
    public ServerSpec ToSpec() => new()
    {
        Url = Replicas.IsEmpty ? Address : null,
        Urls = Replicas.IsEmpty ? null : [.. Replicas.Select(static url => url.ToString())],
        Transport = ServerTransports.NameOf(Transport),
        Proxy = Proxy is { } proxy ? new() { Url = proxy.Url?.ToString(), Resolves = proxy.Resolves } : null,
        Timeouts = Timeouts?.Spec,
        Host = Host,
        OAuthPolicy = OAuthPolicy,
    };
}

/// <summary>
/// Compares how servers are reached. Registrations that differ only in what is decided for each call (timeouts, host
/// name, policy of sign-ins) are equal, so that changing those neither restarts a program nor closes a connection.
/// </summary>
public sealed class ServerReachComparer : IEqualityComparer<ServerModel>
{
    /// <summary>The only instance.</summary>
    public static ServerReachComparer Instance { get; } = new();

    private ServerReachComparer()
    {
    }

    /// <inheritdoc/>
    public bool Equals(ServerModel? x, ServerModel? y) =>
        ReferenceEquals(x, y)
        || (x is not null && y is not null && x.Name == y.Name && x.Url == y.Url && x.Headers.SequenceEqual(y.Headers)
            && Equals(x.Command, y.Command) && x.OAuth == y.OAuth && x.Replicas.SequenceEqual(y.Replicas)
            && x.Transport == y.Transport && x.Proxy == y.Proxy && x.Tls == y.Tls
            && x.DetachedHeaders.SequenceEqual(y.DetachedHeaders)
            && x.IsClientSecretDetached == y.IsClientSecretDetached);

    /// <inheritdoc/>
    public int GetHashCode(ServerModel server) => server.Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>How messages are exchanged with a server at an address.</summary>
public enum ServerTransport
{
    /// <summary>Streamable HTTP.</summary>
    Http,

    /// <summary>HTTP+SSE, the transport of revision 2024-11-05: an event stream, and POSTs beside it.</summary>
    Sse,
}

/// <summary>The transports as they are written in configurations.</summary>
public static class ServerTransports
{
    /// <summary>Returns the transport of this name; null where there is none.</summary>
    public static ServerTransport? Of(string? name) => name switch
    {
        ServerSpec.Http => ServerTransport.Http,
        ServerSpec.Sse => ServerTransport.Sse,
        _ => null,
    };

    /// <summary>Returns the name of a transport; null for none.</summary>
    public static string? NameOf(ServerTransport? transport) => transport switch
    {
        ServerTransport.Http => ServerSpec.Http,
        ServerTransport.Sse => ServerSpec.Sse,
        _ => null,
    };
}
