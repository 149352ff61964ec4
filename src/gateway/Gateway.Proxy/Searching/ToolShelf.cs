using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Searching;

/// <summary>What is known of one server's tools.</summary>
/// <param name="Server">The server.</param>
/// <param name="Number">The inventory that was in force before it was read.</param>
/// <param name="ReadAt">When it was read.</param>
/// <param name="Tools">The tools, in the order of their names.</param>
/// <param name="Why">Why nothing is known; null where it is.</param>
public sealed record ToolShelf(
    ServerModel Server, long Number, DateTimeOffset ReadAt, IReadOnlyList<SearchableTool> Tools, string? Why);
