using Gateway.Proxy.Searching;

namespace Gateway.Proxy.Tools;

/// <summary>A tool that a grant may call.</summary>
/// <param name="Server">Its server.</param>
/// <param name="Name">The name by which the grant's client calls it.</param>
/// <param name="Tool">The tool as shown at its server's own address.</param>
internal sealed record VisibleTool(string Server, string Name, SearchableTool Tool)
{
    /// <summary>The tool as its server defines it.</summary>
    public required SearchableTool Own { get; init; }
}
