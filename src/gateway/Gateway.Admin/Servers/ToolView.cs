using System.Text.Json;

namespace Gateway.Admin.Servers;

/// <summary>A tool that a server offers.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Description">The description that the server gives.</param>
/// <param name="Risk"><c>low</c>, <c>medium</c> or <c>high</c>: an estimate.</param>
/// <param name="RiskReason">The reason for the estimate.</param>
/// <param name="InputSchema">The JSON Schema of its arguments.</param>
/// <param name="Outcome">
/// The decision of the requested grant: <c>allowed</c>, <c>denied</c>, <c>approval_required</c>, or <c>depends</c> if
/// the arguments decide.
/// </param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Limits">The limits of the tool, one text for each.</param>
/// <param name="OutputSchema">The JSON Schema of its structured results; absent if it has none.</param>
/// <param name="Category">
/// <c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>, <c>Financial</c> or <c>Secret</c>.
/// </param>
/// <param name="RiskLevel"><c>Low</c>, <c>Medium</c>, <c>High</c> or <c>Critical</c>: a more precise estimate.</param>
/// <param name="Confidence">The probability that the category is right, from 0 to 1.</param>
internal sealed record ToolView(
    string Name,
    string? Description,
    string Risk,
    string RiskReason,
    JsonElement InputSchema,
    string? Outcome,
    string? Rule,
    IReadOnlyList<string>? Limits,
    JsonElement? OutputSchema,
    string Category,
    string RiskLevel,
    double Confidence)
{
    /// <summary>The accepted class, which policies use.</summary>
    public ToolClassView? Class { get; init; }

    /// <summary>The URI of the app that displays its results; absent if there is none.</summary>
    public string? App { get; init; }

    /// <summary>True if its definition has findings that nobody has accepted; absent otherwise.</summary>
    public bool? Suspicious { get; init; }
}
