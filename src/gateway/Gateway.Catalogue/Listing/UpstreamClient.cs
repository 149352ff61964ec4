using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams;

namespace Gateway.Catalogue.Listing;

/// <summary>The creation of a client for one server.</summary>
internal static class UpstreamClient
{
    // Nothing is ever sent to this address: the handler passes the requests to a program's input.
    private static readonly Uri NoAddress = new("http://program.invalid/");

    public static HttpClient To(IUpstream upstream, InventoryMeter meter, CancellationToken probeEnded) =>
        new(new UpstreamHandler(upstream, meter, probeEnded));

    public static Uri AddressOf(ServerModel server) => server.Url ?? NoAddress;
}
