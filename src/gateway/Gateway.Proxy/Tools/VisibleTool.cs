using Gateway.Catalogue.Searching;

namespace Gateway.Proxy.Tools;

/// <summary>A tool that a grant may call.</summary>
/// <param name="Server">Its server.</param>
/// <param name="Name">How the grant's client calls it.</param>
/// <param name="Tool">The tool, under its server's own name.</param>
internal sealed record VisibleTool(string Server, string Name, SearchableTool Tool);
