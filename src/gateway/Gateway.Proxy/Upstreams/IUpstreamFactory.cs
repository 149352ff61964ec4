using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Upstreams;

/// <summary>A transport: it creates the upstreams of the servers that use it.</summary>
public interface IUpstreamFactory
{
    /// <summary>Returns true if this server uses the transport; exactly one transport serves each server.</summary>
    bool Serves(ServerModel server);

    /// <summary>Creates the upstream of such a server without opening or starting anything.</summary>
    IUpstream Create(ServerModel server);
}
