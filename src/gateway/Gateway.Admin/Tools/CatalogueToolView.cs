namespace Gateway.Admin.Tools;

/// <summary>A tool as the list shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Category"><c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>,
/// <c>Financial</c> or <c>Secret</c>.</param>
/// <param name="Risk"><c>Low</c>, <c>Medium</c>, <c>High</c> or <c>Critical</c>.</param>
/// <param name="Confidence">From 0 to 1; 0.3 where nothing tells what it does.</param>
internal sealed record CatalogueToolView(string Name, string Category, string Risk, double Confidence);
