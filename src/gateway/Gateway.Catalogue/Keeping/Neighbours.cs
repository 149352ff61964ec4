using Gateway.Catalogue.Listing;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// The scan of a server's definitions, and of its tools also against those of servers that existed before it.
/// </summary>
internal static class Neighbours
{
    /// <summary>Returns a function that scans one definition.</summary>
    /// <param name="server">The server that offers the tools.</param>
    /// <param name="pinned">The tools of the other servers.</param>
    /// <param name="own">All readable tools of the server.</param>
    /// <param name="since">The time since which the server is known.</param>
    public static Func<ListedItem, ToolDefinition?, IReadOnlyList<Finding>> Of(
        string server, PinnedTools pinned, IReadOnlyCollection<ToolDefinition> own, DateTimeOffset since)
    {
        var contracts = own.Select(static tool => tool.Contract).ToHashSet(StringComparer.Ordinal);
        var others = new List<NeighbourTool>();
        foreach (var (name, other) in pinned.Others(server))
        {
            var shared = other.Known.Values.Count(tool => contracts.Contains(tool.Contract));
            var all = Math.Max(own.Count, other.Known.Count);
            // The earlier server is not a copy, and neither is the same server at two addresses.
            var isCopied = other.Since < since && shared < all;
            others.AddRange(other.Known.Values.Select(tool => new NeighbourTool(
                name, tool.Name, isCopied ? tool.DescriptionHash : null, shared * 2 >= all)));
        }

        var scan = new NeighbourScan(others, own.Select(static tool => tool.Name).ToHashSet(StringComparer.Ordinal));
        return (item, hashes) => item.Kind != InventoryKind.Tool
            ? DefinitionScanner.Scan(item.Definition)
            : hashes is null
            ? []
            :
            [
                .. DefinitionScanner.Scan(item.Definition),
                .. scan.Scan(item.Name, ToolFacts.Of(item).Description, hashes.DescriptionHash)
                    .Take(DefinitionScanner.FindingsMax),
            ];
    }
}
