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

    /// <summary>What stands in the list in the place of an entry that is shown; null: the entry as it came.</summary>
    /// <inheritdoc cref="IsShown"/>
    byte[][]? Rewritten(McpListKind kind, string name, ReadOnlySpan<byte> entry) => null;

    /// <summary>An entry of the gateway's own that a list of this kind ends with, as JSON; empty for none.</summary>
    ReadOnlyMemory<byte> Added(McpListKind kind) => default;

    /// <summary>
    /// The result, as raw JSON, in place of the error of a server that does not have the method; empty for none.
    /// </summary>
    ReadOnlyMemory<byte> WithoutMethod => default;

    /// <summary>Whether a server's capabilities say that there are resources.</summary>
    bool AddsResources => false;
}
