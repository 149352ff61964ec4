namespace Gateway.Admin.Tools;

/// <summary>An operator's classification of a tool.</summary>
/// <param name="Category"><c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>,
/// <c>Financial</c> or <c>Secret</c>.</param>
/// <param name="Risk"><c>Low</c>, <c>Medium</c>, <c>High</c> or <c>Critical</c>.</param>
/// <param name="Note">The reason; at most 1000 characters.</param>
internal sealed record ClassificationInput(string Category, string Risk, string Note);

/// <summary>A class that an operator chooses for a tool.</summary>
/// <param name="Class">
/// <c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>, <c>Financial</c>, <c>Secret</c> or <c>uncertain</c>.
/// </param>
/// <param name="Reason">The reason; at most 1000 characters.</param>
internal sealed record ToolClassInput(string Class, string Reason);
