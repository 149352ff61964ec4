namespace Gateway.Admin.Tools;

/// <summary>The tools of a server, classified.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Classifier">The version of the classifier.</param>
/// <param name="Tools">By name.</param>
/// <param name="Note">What is left out; absent where nothing is.</param>
/// <param name="SeenAt">When the server last listed this.</param>
/// <param name="Stale">Why it cannot be asked since; absent while it can.</param>
internal sealed record CatalogueView(
    string Server, string Classifier, IReadOnlyList<CatalogueToolView> Tools, string? Note,
    DateTimeOffset? SeenAt, string? Stale);
