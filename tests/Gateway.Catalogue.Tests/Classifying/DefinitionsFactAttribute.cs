namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>A test over real definitions, which stand in public repositories and not in this one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DefinitionsFactAttribute : FactAttribute
{
    public DefinitionsFactAttribute() => Skip = Definitions is null
        ? "names no file of definitions in GATEWAY_TOOL_DEFINITIONS; load-tests/catalogue/collect.py writes one"
        : null;

    /// <summary>Where the definitions are; null where this machine has none.</summary>
    public static string? Definitions { get; } = Environment.GetEnvironmentVariable("GATEWAY_TOOL_DEFINITIONS");
}
