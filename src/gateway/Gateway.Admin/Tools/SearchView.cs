using Gateway.Catalogue.Indexing;

namespace Gateway.Admin.Tools;

/// <summary>What a search of the catalogue found.</summary>
/// <param name="Total">How many tools.</param>
/// <param name="Items">The best of them: of registered servers, then of others; each the best first.</param>
/// <param name="Servers">Servers that are found by their own name or description.</param>
/// <param name="Facets">How what was found is made up.</param>
/// <param name="Index">What is searched of public servers; absent where there is none.</param>
/// <param name="Note">Why public servers are not searched; absent where they are.</param>
internal sealed record SearchView(
    int Total, IReadOnlyList<FoundToolView> Items, IReadOnlyList<FoundServerView> Servers, FacetsView Facets,
    SearchedView? Index, string? Note);

/// <summary>A tool that was found.</summary>
/// <param name="Server">Its server.</param>
/// <param name="Name">Its name.</param>
/// <param name="Title">What it is shown as.</param>
/// <param name="Description">What its server says of it, cut.</param>
/// <param name="Category"><c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>,
/// <c>Financial</c> or <c>Secret</c>.</param>
/// <param name="Risk"><c>Low</c>, <c>Medium</c>, <c>High</c> or <c>Critical</c>.</param>
/// <param name="Confidence">From 0 to 1; 0.3 where nothing tells what it does.</param>
/// <param name="Registered">Whether its server is registered here.</param>
/// <param name="Highlights">Where the words stand.</param>
internal sealed record FoundToolView(
    string Server, string Name, string? Title, string? Description, string Category, string Risk, double Confidence,
    bool Registered, HighlightsView Highlights);

/// <summary>Where the words stand that were looked for, in UTF-16 units.</summary>
/// <param name="Name">In the name.</param>
/// <param name="Title">In the title.</param>
/// <param name="Description">In the description.</param>
internal sealed record HighlightsView(
    IReadOnlyList<MarkedRange> Name, IReadOnlyList<MarkedRange> Title, IReadOnlyList<MarkedRange> Description);

/// <summary>A server that was found.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What is said of it.</param>
/// <param name="Tools">How many tools of it are known.</param>
/// <param name="Registered">Whether it is registered here.</param>
internal sealed record FoundServerView(string Name, string? Description, int Tools, bool Registered);

/// <summary>How what was found is made up.</summary>
/// <param name="Categories">Tools of each category, whichever was asked for.</param>
/// <param name="Risks">Tools of each risk, whichever was asked for.</param>
/// <param name="Servers">The servers with most of what was found.</param>
internal sealed record FacetsView(
    IReadOnlyDictionary<string, int> Categories, IReadOnlyDictionary<string, int> Risks,
    IReadOnlyList<ServerFacetView> Servers);

/// <summary>How much of what was found is of one server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many tools.</param>
/// <param name="Registered">Whether it is registered here.</param>
internal sealed record ServerFacetView(string Name, int Count, bool Registered);

/// <summary>The index of public servers.</summary>
/// <param name="Servers">How many it has.</param>
/// <param name="Tools">How many tools.</param>
/// <param name="ImportedAt">When it was made.</param>
internal sealed record SearchedView(int Servers, int Tools, DateTimeOffset ImportedAt);
