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

/// <summary>The known tools of one server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Number">The number of the current inventory before these tools were read.</param>
/// <param name="ReadAt">The time at which they were read.</param>
/// <param name="Tools">The tools, ordered by name.</param>
/// <param name="Why">The reason why no tools are known; null if they are.</param>
public sealed record ServerTools(
    ServerModel Server, long Number, DateTimeOffset ReadAt, IReadOnlyList<SearchableTool> Tools, string? Why);
