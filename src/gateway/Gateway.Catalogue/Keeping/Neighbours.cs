using Gateway.Catalogue.Listing;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Catalogue.Keeping;

/// <summary>Looks at a server's tools by themselves, and beside those of servers that were there before it.</summary>
internal static class Neighbours
{
    /// <summary>What looks at one tool.</summary>
    /// <param name="server">The server whose tools they are.</param>
    /// <param name="pinned">What is known of the others.</param>
    /// <param name="own">All of its tools, as far as they can be read.</param>
    /// <param name="since">Since when the server is known.</param>
    public static Func<ListedItem, ToolDefinition?, IReadOnlyList<Finding>> Of(
        string server, PinnedTools pinned, IReadOnlyCollection<ToolDefinition> own, DateTimeOffset since)
    {
        var contracts = own.Select(static tool => tool.Contract).ToHashSet(StringComparer.Ordinal);
        var others = new List<NeighbourTool>();
        foreach (var (name, other) in pinned.Others(server))
        {
            var shared = other.Known.Values.Count(tool => contracts.Contains(tool.Contract));
            var all = Math.Max(own.Count, other.Known.Count);
            // Whoever was there first copies nobody, and the same server at two addresses is no copy.
            var isCopied = other.Since < since && shared < all;
            others.AddRange(other.Known.Values.Select(tool => new NeighbourTool(
                name, tool.Name, isCopied ? tool.DescriptionHash : null, shared * 2 >= all)));
        }

        var scan = new NeighbourScan(others, own.Select(static tool => tool.Name).ToHashSet(StringComparer.Ordinal));
        return (item, hashes) => hashes is null
            ? []
            :
            [
                .. DefinitionScanner.Scan(item.Definition),
                .. scan.Scan(item.Name, ToolFacts.Of(item).Description, hashes.DescriptionHash)
                    .Take(DefinitionScanner.FindingsMax),
            ];
    }
}
