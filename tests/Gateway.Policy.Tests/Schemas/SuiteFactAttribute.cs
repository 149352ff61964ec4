namespace Gateway.Policy.Tests.Schemas;

/// <summary>A test that needs the official suite of JSON Schema and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SuiteFactAttribute : FactAttribute
{
    private const string Variable = "JSON_SCHEMA_TEST_SUITE";

    public SuiteFactAttribute()
    {
        if (Folder is null || !Directory.Exists(Folder))
            Skip = $"needs a copy of the official JSON Schema test suite; set {Variable} to its folder";
    }

    public static string? Folder => Environment.GetEnvironmentVariable(Variable);
}
