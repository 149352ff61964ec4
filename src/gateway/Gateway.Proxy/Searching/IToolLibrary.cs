using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Searching;

/// <summary>The tools of servers, ready to be searched. The catalogue implements it from its inventories.</summary>
public interface IToolLibrary
{
    /// <summary>Returns the last known tools of a server, or null if none are known.</summary>
    ServerTools? Known(string server);

    /// <summary>Returns the tools of a server, or the reason why there are none.</summary>
    /// <exception cref="OperationCanceledException">The caller stopped waiting; the request to the server continues.
    /// </exception>
    Task<ServerTools> OfAsync(ServerModel server, CancellationToken cancellationToken);
}
