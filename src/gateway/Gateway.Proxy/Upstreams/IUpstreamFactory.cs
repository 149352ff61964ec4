using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Upstreams;

/// <summary>A transport: it makes the upstreams of the servers that are reached through it.</summary>
public interface IUpstreamFactory
{
    /// <summary>Whether this server is reached through it; of each server that holds for one transport.</summary>
    bool Serves(ServerModel server);

    /// <summary>Makes the upstream of such a server; nothing is opened or started yet.</summary>
    IUpstream Create(ServerModel server);
}
