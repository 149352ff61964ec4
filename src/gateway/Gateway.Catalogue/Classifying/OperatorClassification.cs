using System.Text.Json.Serialization;

namespace Gateway.Catalogue.Classifying;

/// <summary>What an operator said that a tool is; as it is stored.</summary>
/// <param name="Category">In place of the classifier's.</param>
/// <param name="Risk">Likewise.</param>
/// <param name="Note">Why.</param>
/// <param name="By">Who said so.</param>
/// <param name="At">When.</param>
/// <param name="Definition">The hash of the definition that was looked at.</param>
public sealed record OperatorClassification(
    ToolCategory Category, RiskLevel Risk, string Note, string By, DateTimeOffset At, string Definition)
{
    /// <summary>
    /// The category where the previous release does not know it; <see cref="Category"/> then has the nearest that it
    /// knows, so that a rollback keeps the operator's word and its risk.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Class { get; init; }
}
