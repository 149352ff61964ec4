using Gateway.Policy.Problems;

namespace Gateway.Control.Tests.ConfigFile;

/// <summary>Tests of policies that a configuration file names, run when it is read.</summary>
public sealed class PolicyTestsTests : IDisposable
{
    private const string Wrong = """[ { "call": { "tool": "t" }, "expect": "deny" } ]""";
    private const string Right = """[ { "call": { "tool": "t" }, "times": 3, "expect": "allow" } ]""";
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("", 0, 1)]
    [InlineData("\"policyTests\": \"warn\",", 0, 1)]
    [InlineData("\"policyTests\": \"refuse\",", 1, 0)]
    [InlineData("\"policyTests\": \"off\",", 0, 0)]
    public void A_test_that_fails_warns_or_refuses_as_configured(string member, int problems, int warnings)
    {
        var result = Load($$"""
            { {{member}} "policies": { "open": { "version": "1", "default": "allow", "tests": {{Wrong}} } } }
            """);

        Assert.Equal((problems, warnings), (result.Problems.Length, result.Warnings.Length));
        foreach (var problem in result.Problems.Concat(result.Warnings))
            Assert.Equal("/policies/open/tests/0", problem.Pointer);
    }

    [Fact]
    public void The_tests_beside_a_policy_file_are_run_and_watched()
    {
        _folder.File("open.json", """{ "version": "1", "default": "allow" }""");
        const string config = """{ "policies": { "open": { "file": "open.json" } } }""";

        var without = Load(config);
        Assert.Empty(without.Warnings);
        Assert.False(without.Files.HaveChanged());
        _folder.File("open.tests.json", Wrong);

        Assert.True(without.Files.HaveChanged());
        var with = Load(config);
        var warning = Assert.Single(with.Warnings);
        Assert.EndsWith("open.tests.json", warning.File, StringComparison.Ordinal);
        Assert.Equal((ProblemSeverity.Warning, "/0"), (warning.Severity, warning.Pointer));
        Assert.False(with.Files.HaveChanged());
        _folder.File("open.tests.json", Right);
        Assert.True(with.Files.HaveChanged());
        Assert.Empty(Load(config).Warnings);
    }

    [Fact]
    public void Says_which_words_there_are() =>
        Assert.Contains("one of \"warn\", \"refuse\", \"off\"",
            Assert.Single(Load("""{ "policyTests": "never" }""").Problems).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private ConfigResult Load(string config) =>
        ConfigLoader.Load(_folder.File("gateway.json", config), static _ => null);
}
