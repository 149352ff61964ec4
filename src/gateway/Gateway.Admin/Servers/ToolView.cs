using System.Text.Json;

namespace Gateway.Admin.Servers;

/// <summary>A tool that a server offers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">The server's own words.</param>
/// <param name="Risk"><c>low</c>, <c>medium</c> or <c>high</c>: a guess.</param>
/// <param name="RiskReason">What the guess rests on.</param>
/// <param name="InputSchema">The JSON Schema of its arguments.</param>
/// <param name="Outcome">What the grant that was asked about gets: <c>allowed</c>, <c>denied</c>,
/// <c>approval_required</c> or <c>depends</c> on the arguments.</param>
/// <param name="Rule">By which rule.</param>
/// <param name="Limits">How much of it, one text a limit.</param>
/// <param name="OutputSchema">The JSON Schema of its structured answers; absent where it has none.</param>
/// <param name="Category"><c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>,
/// <c>Financial</c> or <c>Secret</c>.</param>
/// <param name="RiskLevel"><c>Low</c>, <c>Medium</c>, <c>High</c> or <c>Critical</c>: the finer guess.</param>
/// <param name="Confidence">From 0 to 1: the probability that the category is right.</param>
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
    double Confidence);
