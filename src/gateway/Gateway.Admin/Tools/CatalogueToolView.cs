using Gateway.Admin.Servers;

namespace Gateway.Admin.Tools;

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
}
