namespace Gateway.Mcp.Lists;

/// <summary>Says which entries of a server's lists the asking grant may see.</summary>
public interface IListFilter
{
    /// <summary>Whether the entry stays in the list.</summary>
    /// <param name="kind">The list that the entry stands in.</param>
    /// <param name="name">The tool's or prompt's name, the resource's URI or the template's URI template.</param>
    bool IsListed(McpListKind kind, string name);

    /// <summary>An entry stays: this is all that the server says of it, as raw JSON.</summary>
    void See(McpListKind kind, string name, ReadOnlySpan<byte> entry)
    {
    }
}
