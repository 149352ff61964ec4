using System.Xml.Linq;

namespace Gateway.Server.Tests.Commands;

/// <summary>Tests beside a policy: run by hand, in CI, and before a policy is set.</summary>
public sealed class PolicyTestVerbTests : IDisposable
{
    private const string Wrong = """{ "name": "a #1 \\ b", "call": { "tool": "otp" }, "expect": "ask" }""";
    private readonly TestFolder _folder = new("gateway-tests-");
    private readonly Cli _cli;

    public PolicyTestVerbTests()
    {
        _cli = new Cli(_folder.Path);
        Write("p.json", Policy("""
            { "name": "ten a minute", "call": { "tool": "otp" }, "times": 10, "expect": "allow" },
            { "call": { "tool": "otp" }, "expect": "rate_limit", "rule": "/tools/otp/limits/0" },
            { "at": "61s", "call": { "tool": "otp" }, "expect": "allow" }
            """));
    }

    [Fact]
    public async Task A_file_without_tests_is_an_error_so_that_ci_with_the_wrong_file_fails()
    {
        Write("empty.json", Policy(""));

        var run = await _cli.RunAsync("policy", "test", "empty.json");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("empty.json contains no tests, so nothing was checked", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_the_tests_in_a_policy_and_those_beside_it()
    {
        var own = await _cli.RunAsync("policy", "test", "p.json");
        Assert.Equal(0, own.ExitCode);
        Assert.Contains("3 right, 0 wrong", own.Output, StringComparison.Ordinal);

        Write("p.tests.json", $"[ {Wrong} ]");

        var both = await _cli.RunAsync("policy", "test", "p.json", "--json");
        Assert.Equal(1, both.ExitCode);
        var results = JsonNode.Parse(both.Output)!.AsArray();
        Assert.Equal([true, true, true, false], results.Select(result => (bool)result!["ok"]!));
        Assert.Equal(("p.tests.json", 1, "/0"), (
            (string?)results[3]!["file"], (int)results[3]!["line"]!, (string?)results[3]!["pointer"]));
        Assert.Equal(1, (await _cli.RunAsync("policy", "test", "p.tests.json")).ExitCode);
        Assert.Equal(1, (await _cli.RunAsync("policy", "test", "p.tests.json", "--policy", "p.json")).ExitCode);
    }

    [Fact]
    public async Task Says_that_budgets_count_nothing_without_the_configuration_that_has_them()
    {
        Write("b.json", """
            {
              "version": "1", "default": "deny", "tools": { "send": { "budgets": ["mail"] } },
              "tests": [
                { "call": { "tool": "send" }, "times": 2, "expect": "allow" },
                { "call": { "tool": "send" }, "expect": "rate_limit" }
              ]
            }
            """);
        var alone = await _cli.RunAsync("policy", "test", "b.json");
        Assert.Equal(1, alone.ExitCode);
        Assert.Contains("Budgets (mail) are not counted here", alone.Errors, StringComparison.Ordinal);

        Write("gateway.json", """
            {
              "policyTests": "refuse", "policies": { "b": { "file": "b.json" } },
              "budgets": { "mail": { "window": "day", "max": 2, "grants": ["support"] } }
            }
            """);
        Assert.Equal(0, (await _cli.RunAsync("config", "validate", "gateway.json")).ExitCode);
        Write("gateway.json", """
            {
              "policyTests": "refuse", "policies": { "b": { "file": "b.json" } },
              "budgets": { "mail": { "window": "day", "max": 3, "grants": ["support"] } }
            }
            """);
        Assert.Equal(1, (await _cli.RunAsync("config", "validate", "gateway.json")).ExitCode);
    }

    [Fact]
    public async Task Prints_what_CI_reads()
    {
        Write("p.tests.json", $"[ {Wrong} ]");

        var tap = (await _cli.RunAsync("policy", "test", "p.json", "--format", "tap")).Output.Split('\n');
        Assert.Equal(["TAP version 14", "1..4", "ok 1 - ten a minute"], tap[..3]);
        Assert.Equal("not ok 4 - a \\#1 \\\\ b", tap[5]);
        Assert.Contains("wanted ask, got allow by /tools/otp", tap[7], StringComparison.Ordinal);

        var junit = await _cli.RunAsync("policy", "test", "p.json", "--format", "junit");
        Assert.Equal(1, junit.ExitCode);
        var suite = XDocument.Parse(junit.Output).Root!.Element("testsuite")!;
        Assert.Equal(("4", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
        Assert.Equal("a #1 \\ b", Assert.Single(suite.Elements(), test => test.HasElements).Attribute("name")!.Value);
        Assert.Equal(2, (await _cli.RunAsync("policy", "test", "p.json", "--format", "xml")).ExitCode);
    }

    [Theory]
    [InlineData("wrong.tests.json", "[ { \"call\": {}, \"expect\": \"deny\" } ]", "/0/call")]
    [InlineData("wrong.tests.json", "[ 7 ]", "a test must be an object")]
    [InlineData("wrong.tests.json", "{", "wrong.tests.json:1:")]
    [InlineData("wrong.json", "[ ]", "NAME.tests.json")]
    [InlineData("wrong.json", "{ \"polcy\": 1 }", "NAME.tests.json")]
    [InlineData("wrong.json", "{ \"version\": \"1\" ]", "wrong.json:1:")]
    [InlineData("wrong.json", "{ \"cases\": 1 }", "\"policy\": FILE")]
    [InlineData("wrong.json", "{ \"cases\": [ ], \"policy\": 7 }", "Name the policy")]
    [InlineData("alone.tests.json", "[ ]", "alone.json")]
    public async Task Says_what_is_no_test(string name, string text, string said)
    {
        Write("wrong.json", Policy(""));
        Write(name, text);

        var run = await _cli.RunAsync("policy", "test", name);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_another_policy_makes_looser_and_with_which_call()
    {
        Write("q.json", Policy("").Replace("10", "12", StringComparison.Ordinal));

        var text = await _cli.RunAsync("policy", "diff", "p.json", "q.json");
        Assert.Equal(1, text.ExitCode);
        Assert.StartsWith(
            "otp  looser\n  otp {}, call 11 at 0 s: rate_limit by", text.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n1 looser\n", text.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await _cli.RunAsync("policy", "diff", "q.json", "p.json", "--json")).Output)!;
        Assert.Equal(("tighter", "allow", "rate_limit"), ((string?)json[0]!["change"],
            (string?)json[0]!["examples"]![0]!["before"]!["outcome"],
            (string?)json[0]!["examples"]![0]!["after"]!["outcome"]));
        Assert.Equal(0, (await _cli.RunAsync("policy", "diff", "p.json", "p.json")).ExitCode);
        Assert.Equal(2, (await _cli.RunAsync("policy", "diff", "p.json", "nowhere.json")).ExitCode);
        Assert.Equal(3, (await _cli.RunAsync("policy", "diff", "p.json", "q.json", "--server", "x")).ExitCode);
    }

    [Fact]
    public async Task Sets_no_policy_of_which_a_test_fails_unless_it_is_forced()
    {
        await using var bench = await AdminBench.StartAsync();
        var cli = new Cli(_folder.Path, new Uri(bench.Host.Addresses[0]), bench.AdminKey);
        Write("bad.json", Policy(Wrong));
        Write("p.tests.json", $"[ {Wrong} ]");

        foreach (var file in (string[])["bad.json", "p.json"])
        {
            var refused = await cli.RunAsync("policy", "set", "otp", file);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("expects ask, but got allow", refused.Errors, StringComparison.Ordinal);
            Assert.Contains("--force", refused.Errors, StringComparison.Ordinal);
            Assert.Equal(404, (await bench.SendAsync("GET", "policies/otp")).Status);
        }

        Assert.Equal(0, (await cli.RunAsync("policy", "set", "otp", "bad.json", "--force")).ExitCode);
        Assert.Equal(200, (await bench.SendAsync("GET", "policies/otp")).Status);
    }

    [Fact]
    public async Task The_admin_API_refuses_a_policy_of_which_a_test_fails_unless_it_is_forced()
    {
        await using var bench = await AdminBench.StartAsync();
        var bad = JsonNode.Parse(Policy(Wrong))!.AsObject();

        var refused = await bench.SendAsync("PUT", "policies/otp", bad);
        Assert.Equal(422, refused.Status);
        Assert.Equal("/tests/0", (string?)refused.Json!["errors"]![0]!["pointer"]);
        var forced = await bench.SendAsync("PUT", "policies/otp?force=true", bad);
        Assert.Equal(201, forced.Status);
        Assert.Contains("expects ask", (string?)forced.Json!["warnings"]![0], StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Policy(string tests) => $$"""
        { "version": "1", "default": "deny",
          "tools": { "otp": { "limits": [ { "counter": "otp", "window": "minute", "max": 10 } ] } },
          "tests": [ {{tests}} ] }
        """;

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Path, name), text);
}
