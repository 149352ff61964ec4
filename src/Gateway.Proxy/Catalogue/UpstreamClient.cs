using Gateway.Mcp;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Catalogue;

/// <summary>A client for one server: no redirect, cookie or proxy that would carry its credential elsewhere.</summary>
internal sealed class UpstreamClient(HttpMessageHandler handler) : HttpClient(handler)
{
    // Nothing is ever sent there: the handler hands it to a program's input.
    private static readonly Uri NoAddress = new("http://program.invalid/");

    public static UpstreamClient To(ServerModel server, IUpstream upstream) =>
        new(server.Command is null
            ? new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
            }
            : new ProgramHandler(upstream));

    public static Uri AddressOf(ServerModel server) => server.Url ?? NoAddress;
}
