using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>What was found.</summary>
/// <param name="Total">How many tools.</param>
/// <param name="Tools">The best of them, the best first.</param>
/// <param name="Servers">Servers that are found by their own name or description, the best first.</param>
/// <param name="Categories">How many tools of each category, whichever category was asked for.</param>
/// <param name="Risks">How many tools of each risk, whichever risk was asked for.</param>
/// <param name="TopServers">The servers with most of what was found.</param>
public sealed record SearchAnswer(
    int Total, IReadOnlyList<IndexedTool> Tools, IReadOnlyList<IndexedServer> Servers,
    IReadOnlyDictionary<ToolCategory, int> Categories, IReadOnlyDictionary<RiskLevel, int> Risks,
    IReadOnlyList<KeyValuePair<string, int>> TopServers);
