using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>The result of a search.</summary>
/// <param name="Total">The number of matching tools.</param>
/// <param name="Tools">The best matching tools, best first.</param>
/// <param name="Servers">The servers that match by their own name or description, best first.</param>
/// <param name="Categories">
/// The number of matching tools of each category, regardless of the category in the query.
/// </param>
/// <param name="Risks">The number of matching tools of each risk, regardless of the risk in the query.</param>
/// <param name="TopServers">The servers with the most matching tools.</param>
public sealed record SearchAnswer(
    int Total, IReadOnlyList<IndexedTool> Tools, IReadOnlyList<IndexedServer> Servers,
    IReadOnlyDictionary<ToolCategory, int> Categories, IReadOnlyDictionary<RiskLevel, int> Risks,
    IReadOnlyList<KeyValuePair<string, int>> TopServers);
