namespace Gateway.Catalogue.Classifying;

/// <summary>What an operator said that a tool is; as it is stored.</summary>
/// <param name="Category">In place of the classifier's.</param>
/// <param name="Risk">Likewise.</param>
/// <param name="Note">Why.</param>
/// <param name="By">Who said so.</param>
/// <param name="At">When.</param>
/// <param name="Definition">The hash of the definition that was looked at.</param>
public sealed record OperatorClassification(
    ToolCategory Category, RiskLevel Risk, string Note, string By, DateTimeOffset At, string Definition);
