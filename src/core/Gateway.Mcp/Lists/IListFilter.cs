namespace Gateway.Mcp.Lists;

/// <summary>Says which entries of a server's lists the asking grant may see.</summary>
public interface IListFilter
{
    /// <summary>Whether the entry stays in the list.</summary>
    /// <param name="kind">The list that the entry stands in.</param>
    /// <param name="name">The tool's or prompt's name, the resource's URI or the template's URI template.</param>
    bool IsListed(McpListKind kind, string name);

    /// <summary>The last word on an entry whose name is listed.</summary>
    /// <param name="kind">The list that the entry stands in.</param>
    /// <param name="name">Its name.</param>
    /// <param name="entry">All that the server says of it, as raw JSON.</param>
    bool IsShown(McpListKind kind, string name, ReadOnlySpan<byte> entry) => true;
}
