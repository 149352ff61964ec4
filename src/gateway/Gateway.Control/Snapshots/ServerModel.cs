using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Control.Network;
using Gateway.Policy.Rules;

namespace Gateway.Control.Snapshots;

/// <summary>
/// A registered server as the pipeline sees it: at an address, or a program of its own. Compare two with
/// <see cref="ServerReachComparer"/>, because the equality of this record treats equal arrays as different.
/// </summary>
/// <param name="Name">The server's first name.</param>
/// <param name="Url">Its MCP endpoint, the first one if there are replicas; null exactly if it is a program.</param>
/// <param name="Headers">The headers sent with every request.</param>
public sealed record ServerModel(string Name, Uri? Url, ImmutableArray<KeyValuePair<string, string>> Headers)
{
    /// <summary>The headers with values of the caller: name, and text of a <see cref="CallerTemplate"/>.</summary>
    public ImmutableArray<KeyValuePair<string, string>> CallerHeaders { get; init; } = [];

    /// <summary>The token about the caller that is signed for each request; null for none.</summary>
    public CallerTokenSpec? CallerToken { get; init; }

    /// <summary>The program; null if the server is at an address.</summary>
    public ProgramCommand? Command { get; init; }

    /// <summary>The endpoints of all replicas, the first included; empty if there is only one.</summary>
    public ImmutableArray<Uri> Replicas { get; init; } = [];

    /// <summary>The transport of its messages; null if the gateway detects it.</summary>
    public ServerTransport? Transport { get; init; }

    /// <summary>The operator's choice of a proxy; null leaves it to the environment.</summary>
    public OutboundProxy? Proxy { get; init; }

    /// <summary>Certificate files; null for the system's trust and no client certificate.</summary>
    public ServerTlsFiles? Tls { get; init; }

    /// <summary>The gateway's account for its access tokens; null if it has none.</summary>
    public OAuthClientOptions? OAuth { get; init; }

    /// <summary>The gateway's account on AWS, which signs each request; null if it has none.</summary>
    public AwsAccount? Aws { get; init; }

    /// <summary>
    /// True if each call carries the access token of its caller's own connection, and <see cref="OAuth"/> is the client
    /// with which callers authorize theirs.
    /// </summary>
    public bool IsPerCaller { get; init; }

    /// <summary>
    /// Headers whose values must be entered again, because an operator without the permission to manage secrets changed
    /// their receiver. Nothing is sent to the server until then.
    /// </summary>
    public ImmutableArray<string> DetachedHeaders { get; init; } = [];

    /// <summary>
    /// True if the client secret or private key of <see cref="OAuth"/> must be entered again, and is withheld.
    /// </summary>
    public bool IsClientSecretDetached { get; init; }

    /// <summary>The names of the registered headers, whether their values may be sent or not.</summary>
    public IEnumerable<string> HeaderNames => Headers.Select(static header => header.Key).Concat(DetachedHeaders);

    /// <summary>Credentials that must be entered again, for people.</summary>
    public IEnumerable<string> DetachedCredentials
    {
        get
        {
            var headers = DetachedHeaders.Select(static header => $"header {header}");
            return !IsClientSecretDetached ? headers
                : headers.Append(OAuth?.Key is null ? "OAuth client secret" : "OAuth private key");
        }
    }

    /// <summary>The time for which calls wait for its response; null for as long as their clients wait.</summary>
    public ServerTimeouts? Timeouts { get; init; }

    /// <summary>The handling of its tasks; null to leave them as they are.</summary>
    public ServerTasksSpec? Tasks { get; init; }

    /// <summary>The server's own host name, at which it is served at <c>/mcp</c>; null if it has none.</summary>
    public string? Host { get; init; }

    /// <summary>The policy of grants for which clients sign in; null if the operator has to choose.</summary>
    public string? OAuthPolicy { get; init; }

    /// <summary>
    /// The server's address, for people. A program's arguments are omitted, because they may contain secrets.
    /// </summary>
    public string Address => Url?.ToString() ?? $"stdio:{Command?.Program}";

    /// <summary>True if what is sent to it depends on the caller, so that some callers may lack it.</summary>
    public bool DependsOnCaller =>
        IsPerCaller || !CallerHeaders.IsEmpty || CallerToken is not null || OAuth?.Exchange is not null;

    /// <summary>Returns the configuration, without the credentials and what only the file has.</summary>
    public ServerSpec ToSpec() => new()
    {
        Url = Replicas.IsEmpty ? Address : null,
        Urls = Replicas.IsEmpty ? null : [.. Replicas.Select(static url => url.ToString())],
        Transport = ServerTransports.NameOf(Transport),
        Proxy = Proxy is { } proxy ? new() { Url = proxy.Url?.ToString(), Resolves = proxy.Resolves } : null,
        CallerHeaders = CallerHeaders.IsEmpty ? null : CallerHeaders.ToDictionary(),
        CallerToken = CallerToken,
        Timeouts = Timeouts?.Spec,
        Tasks = Tasks,
        Host = Host,
        OAuthPolicy = OAuthPolicy,
        Auth = IsPerCaller ? ServerSpec.CallersOAuth : null,
    };
}

/// <summary>
/// Compares how servers are reached. Registrations that differ only in properties that each call reads (timeouts,
/// tasks, host name, policy of sign-ins) are equal, so that changing those neither restarts a program nor closes a
/// connection.
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
            && x.CallerHeaders.SequenceEqual(y.CallerHeaders) && x.CallerToken == y.CallerToken
            && Equals(x.Command, y.Command) && x.OAuth == y.OAuth && x.Aws == y.Aws
            && x.Replicas.SequenceEqual(y.Replicas)
            && x.IsPerCaller == y.IsPerCaller && x.Transport == y.Transport && x.Proxy == y.Proxy && x.Tls == y.Tls
            && x.DetachedHeaders.SequenceEqual(y.DetachedHeaders)
            && x.IsClientSecretDetached == y.IsClientSecretDetached);

    /// <inheritdoc/>
    public int GetHashCode(ServerModel server) => server.Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>The way in which messages are exchanged with a server at an address.</summary>
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
    /// <summary>Returns the transport of this name; null if there is none.</summary>
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
