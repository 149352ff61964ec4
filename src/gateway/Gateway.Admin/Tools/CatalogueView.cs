namespace Gateway.Admin.Tools;

/// <summary>The tools of a server, classified.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Classifier">The version of the classifier.</param>
/// <param name="Tools">By name.</param>
/// <param name="Note">What is left out; absent where nothing is.</param>
internal sealed record CatalogueView(
    string Server, string Classifier, IReadOnlyList<CatalogueToolView> Tools, string? Note);
