using System.Collections.Frozen;

namespace Gateway.Policy.Decisions;

/// <summary>The extensions of MCP that the gateway understands; a policy passes them by default.</summary>
public static class KnownExtensions
{
    /// <summary>Tasks (SEP-2663), and their experimental form of 2025-11-25.</summary>
    public const string Tasks = "io.modelcontextprotocol/tasks";

    /// <summary>Apps: resources that a host displays beside the result of a tool.</summary>
    public const string Apps = "io.modelcontextprotocol/ui";

    /// <summary>All of them.</summary>
    public static FrozenSet<string> All { get; } = FrozenSet.Create(StringComparer.Ordinal, Tasks, Apps);
}
