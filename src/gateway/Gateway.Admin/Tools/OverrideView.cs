namespace Gateway.Admin.Tools;

/// <summary>An operator's classification of a tool, in a response.</summary>
/// <param name="Note">The reason.</param>
/// <param name="By">The operator.</param>
/// <param name="At">The time of the classification.</param>
/// <param name="DefinitionChanged">True if the tool's definition has changed since then.</param>
/// <param name="ClassifierCategory">The classifier's category.</param>
/// <param name="ClassifierRisk">The classifier's risk.</param>
internal sealed record OverrideView(
    string Note,
    string By,
    DateTimeOffset At,
    bool DefinitionChanged,
    string ClassifierCategory,
    string ClassifierRisk);
