using System.Text.Json.Serialization;

namespace Gateway.Catalogue.Classifying;

/// <summary>An operator's classification of a tool, as stored.</summary>
/// <param name="Category">The category in place of the classifier's.</param>
/// <param name="Risk">The risk in place of the classifier's.</param>
/// <param name="Note">The operator's reason.</param>
/// <param name="By">The name of the operator.</param>
/// <param name="At">The time of the classification.</param>
/// <param name="Definition">The hash of the definition that the operator reviewed.</param>
public sealed record OperatorClassification(
    ToolCategory Category, RiskLevel Risk, string Note, string By, DateTimeOffset At, string Definition)
{
    /// <summary>
    /// The category if the previous release does not know it. <see cref="Category"/> then contains the nearest known
    /// one, so that a rollback keeps the operator's decision and its risk.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Class { get; init; }
}
