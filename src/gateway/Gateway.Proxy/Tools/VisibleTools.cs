namespace Gateway.Proxy.Tools;

/// <summary>The tools that a grant may call at one address, as far as known.</summary>
/// <param name="Tools">The tools, by server and name.</param>
/// <param name="Missing">
/// The servers without known tools, each with a reason that continues a sentence after the name.
/// </param>
internal sealed record VisibleTools(
    IReadOnlyList<VisibleTool> Tools, IReadOnlyList<(string Server, string Why)> Missing);
