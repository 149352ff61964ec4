namespace Gateway.Mcp.Lists;

/// <summary>Decides which entries of a server's lists the requesting grant may see.</summary>
public interface IListFilter
{
    /// <summary>Returns true if the entry stays in the list.</summary>
    /// <param name="kind">The list that contains the entry.</param>
    /// <param name="name">The tool's or prompt's name, the resource's URI or the template's URI template.</param>
    bool IsListed(McpListKind kind, string name);

    /// <summary>Makes the final decision on an entry whose name is listed.</summary>
    /// <param name="kind">The list that contains the entry.</param>
    /// <param name="name">Its name.</param>
    /// <param name="entry">The complete entry, as raw JSON.</param>
    bool IsShown(McpListKind kind, string name, ReadOnlySpan<byte> entry) => true;

    /// <summary>Returns the replacement of a shown entry; null to keep the entry unchanged.</summary>
    /// <inheritdoc cref="IsShown"/>
    byte[][]? Rewritten(McpListKind kind, string name, ReadOnlySpan<byte> entry) => null;

    /// <summary>Returns the gateway's own entry to append to a list of this kind, as JSON; empty for none.</summary>
    ReadOnlyMemory<byte> Added(McpListKind kind) => default;

    /// <summary>
    /// The result, as raw JSON, that replaces the error of a server that does not have the method; empty for none.
    /// </summary>
    ReadOnlyMemory<byte> WithoutMethod => default;

    /// <summary>True if a server's capabilities must include resources.</summary>
    bool AddsResources => false;
}
