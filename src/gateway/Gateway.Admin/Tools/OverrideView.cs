namespace Gateway.Admin.Tools;

/// <summary>An operator's word on a tool.</summary>
/// <param name="Note">Why.</param>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
/// <param name="DefinitionChanged">Whether the tool is another now than the one that was looked at.</param>
/// <param name="ClassifierCategory">What the classifier says of it.</param>
/// <param name="ClassifierRisk">Likewise.</param>
internal sealed record OverrideView(
    string Note,
    string By,
    DateTimeOffset At,
    bool DefinitionChanged,
    string ClassifierCategory,
    string ClassifierRisk);
