namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>A test over real definitions, which stand in public repositories and not in this one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DefinitionsFactAttribute : FactAttribute
{
    public DefinitionsFactAttribute() => Skip = LabelledTools.Definitions is null
        ? "names no file of definitions in GATEWAY_TOOL_DEFINITIONS; Classifying/labels.tsv says what stands in it"
        : null;
}
