using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;

namespace Gateway.Classifier;

/// <summary>A real tool with its assigned label.</summary>
/// <param name="Id">The id in load-tests/catalogue/labels.tsv.</param>
/// <param name="Part">train, dev or test; "more" for a training tool with one label.</param>
/// <param name="Group">The author or server; a group is in one fold.</param>
/// <param name="Tool">The definition.</param>
/// <param name="Category">The label.</param>
/// <param name="Risk">The label.</param>
internal sealed record LabelledTool(
    string Id, string Part, string Group, ToolFacts Tool, ToolCategory Category, RiskLevel Risk);
