namespace Gateway.Proxy.Tools;

/// <summary>What a grant may call at one address, as far as it is known.</summary>
/// <param name="Tools">The tools, by server and name.</param>
/// <param name="Missing">Servers of which nothing is known, with the reason in words that follow the name.</param>
internal sealed record VisibleTools(
    IReadOnlyList<VisibleTool> Tools, IReadOnlyList<(string Server, string Why)> Missing);
