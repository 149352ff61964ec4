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
