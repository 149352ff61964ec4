namespace Gateway.Admin.Tools;

/// <summary>What an operator says that a tool is.</summary>
/// <param name="Category"><c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>,
/// <c>Financial</c> or <c>Secret</c>.</param>
/// <param name="Risk"><c>Low</c>, <c>Medium</c>, <c>High</c> or <c>Critical</c>.</param>
/// <param name="Note">Why; at most 1000 characters.</param>
internal sealed record ClassificationInput(string Category, string Risk, string Note);
