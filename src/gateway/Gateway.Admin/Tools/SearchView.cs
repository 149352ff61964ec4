using Gateway.Catalogue.Indexing;

namespace Gateway.Admin.Tools;

/// <summary>The result of a search of the catalogue.</summary>
/// <param name="Total">The number of tools found.</param>
/// <param name="Items">The best of them: first of registered servers, then of others; each with the best first.</param>
/// <param name="Servers">Servers that match by their own name or description.</param>
/// <param name="Facets">Counts of the results by property.</param>
/// <param name="Index">The index of public servers; absent if there is none.</param>
/// <param name="Note">The reason why public servers are not searched; absent if they are.</param>
/// <param name="Groups">
/// The servers with matching tools: first registered ones, then others; each with the best first. Absent if not
/// requested by <c>group=server</c>.
/// </param>
internal sealed record SearchView(
    int Total, IReadOnlyList<FoundToolView> Items, IReadOnlyList<FoundServerView> Servers, FacetsView Facets,
    SearchedView? Index, string? Note, IReadOnlyList<FoundGroupView>? Groups);

/// <summary>A tool that was found.</summary>
/// <param name="Server">The name of its server.</param>
/// <param name="Name">The name of the tool.</param>
/// <param name="Title">The display name.</param>
/// <param name="Description">The server's description of it, truncated.</param>
/// <param name="Category"><c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>,
/// <c>Financial</c> or <c>Secret</c>.</param>
/// <param name="Risk"><c>Low</c>, <c>Medium</c>, <c>High</c> or <c>Critical</c>.</param>
/// <param name="Confidence">From 0 to 1; 0.3 if there is no evidence.</param>
/// <param name="Registered">True if its server is registered here.</param>
/// <param name="Highlights">The places of the search words.</param>
/// <param name="Parameters">The names and types of its parameters; absent if unknown.</param>
/// <param name="Reason">The classifier's reasons; absent for imported and registered servers.</param>
/// <param name="Rule">The kind of the recommended policy entry; absent for imported and registered servers.</param>
internal sealed record FoundToolView(
    string Server, string Name, string? Title, string? Description, string Category, string Risk, double Confidence,
    bool Registered, HighlightsView Highlights, string? Parameters, string? Reason, string? Rule)
{
    /// <summary>
    /// The URI of the app that displays its results; absent if there is none, and for public servers.
    /// </summary>
    public string? App { get; init; }

    /// <summary>True if its definition has findings that nobody has accepted; absent otherwise.</summary>
    public bool? Suspicious { get; init; }
}

/// <summary>A server that has matching tools.</summary>
/// <param name="Server">The server.</param>
/// <param name="Matching">The number of matching tools.</param>
/// <param name="Tools">The best of them, best first.</param>
internal sealed record FoundGroupView(FoundServerView Server, int Matching, IReadOnlyList<FoundToolView> Tools);

/// <summary>The places of the search words, in UTF-16 units.</summary>
/// <param name="Name">In the name.</param>
/// <param name="Title">In the title.</param>
/// <param name="Description">In the description.</param>
internal sealed record HighlightsView(
    IReadOnlyList<MarkedRange> Name, IReadOnlyList<MarkedRange> Title, IReadOnlyList<MarkedRange> Description);

/// <summary>A server that was found.</summary>
/// <param name="Name">The name of the server.</param>
/// <param name="Description">The description of the server.</param>
/// <param name="Tools">The number of its known tools.</param>
/// <param name="Registered">True if it is registered here.</param>
/// <param name="Package">Its package, such as <c>npm:NAME</c>; absent if unknown.</param>
/// <param name="Repository">Its repository as OWNER/NAME; absent if unknown.</param>
/// <param name="Transport"><c>Stdio</c>, <c>Http</c>, <c>Sse</c> or <c>Unknown</c>.</param>
internal sealed record FoundServerView(
    string Name, string? Description, int Tools, bool Registered, string? Package, string? Repository,
    string Transport);

/// <summary>Counts of the results by property.</summary>
/// <param name="Categories">The tools of each category, regardless of the requested one.</param>
/// <param name="Risks">The tools of each risk, regardless of the requested one.</param>
/// <param name="Transports">The tools of servers with each transport, regardless of the requested one.</param>
/// <param name="Servers">The servers with the most results.</param>
internal sealed record FacetsView(
    IReadOnlyDictionary<string, int> Categories, IReadOnlyDictionary<string, int> Risks,
    IReadOnlyDictionary<string, int> Transports, IReadOnlyList<ServerFacetView> Servers);

/// <summary>The number of results of one server.</summary>
/// <param name="Name">The name of the server.</param>
/// <param name="Count">The number of tools.</param>
/// <param name="Registered">True if it is registered here.</param>
internal sealed record ServerFacetView(string Name, int Count, bool Registered);

/// <summary>The index of public servers.</summary>
/// <param name="Servers">The number of servers.</param>
/// <param name="Tools">The number of tools.</param>
/// <param name="ImportedAt">The time of the import, or at which a published catalogue was made.</param>
/// <param name="Published">True if it is a published catalogue, such as the shipped one; false if imported.</param>
internal sealed record SearchedView(int Servers, int Tools, DateTimeOffset ImportedAt, bool Published);
