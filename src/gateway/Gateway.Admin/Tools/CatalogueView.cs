using Gateway.Admin.Servers;

namespace Gateway.Admin.Tools;

/// <summary>The tools of a server, classified.</summary>
/// <param name="Server">The name of the server.</param>
/// <param name="Classifier">The version of the classifier.</param>
/// <param name="Tools">The tools, by name.</param>
/// <param name="Note">A description of omitted tools; absent if there are none.</param>
/// <param name="SeenAt">The time at which the server last listed them.</param>
/// <param name="Stale">The reason why the list could not be updated since; absent if it could.</param>
internal sealed record CatalogueView(
    string Server, string Classifier, IReadOnlyList<CatalogueToolView> Tools, string? Note,
    DateTimeOffset? SeenAt, string? Stale);

/// <summary>A tool in an overview.</summary>
/// <param name="Name">The name of the tool.</param>
/// <param name="Category"><c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>,
/// <c>Financial</c> or <c>Secret</c>.</param>
/// <param name="Risk"><c>Low</c>, <c>Medium</c>, <c>High</c> or <c>Critical</c>.</param>
/// <param name="Confidence">From 0 to 1; 0.3 if there is no evidence.</param>
internal sealed record CatalogueToolView(string Name, string Category, string Risk, double Confidence)
{
    /// <summary>The accepted class, which policies use.</summary>
    public ToolClassView? Class { get; init; }

    /// <summary>The URI of the app that displays its results; absent if there is none.</summary>
    public string? App { get; init; }
}
