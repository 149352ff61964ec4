using Gateway.Admin.Importing;
using Gateway.Policy;
using Gateway.Policy.Problems;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Server.Tests.Commands;

/// <summary>Policies made of other products' files, held against calls that those products decide so.</summary>
public sealed class ImportVerbTests : IDisposable
{
    private const string Shop = """
        version: "1"
        description: A shop
        hide: [drop_table]
        tools:
          open_ticket:
            rules:
              - name: few an hour
                rate_limit: 3/hour
                on_deny: Three tickets an hour
          charge:
            rules:
              - name: small
                conditions:
                  - { path: args.amount, op: lte, value: 500 }
                  - { path: args.currency, op: in, value: [eur, usd] }
                on_deny: Too large
              - name: a day
                conditions: [ { path: state.charge.spent, op: lt, value: 1001 } ]
                state: { counter: spent, window: day, increment_from: args.amount }
          branch:
            rules:
              - name: features
                conditions: [ { path: args.name, op: regex, value: "^feat/[a-z]+$" } ]
          remove: { rules: [ { name: never, action: deny, on_deny: Ask a person } ] }
          "*":
            rules:
              - name: all
                conditions: [ { path: state._global.calls, op: lte, value: 9 } ]
                state: { counter: calls, window: minute }
        """;

    private readonly TestFolder _folder = new("gateway-import-");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_policy_of_Intercept_decides_here_as_there()
    {
        var imported = Import("intercept", Shop);

        Passes(imported, """
            { "call": { "tool": "drop_table" }, "expect": "deny", "rule": "(hidden)" },
            { "call": { "tool": "remove" }, "expect": "deny", "rule": "/tools/remove/action" },
            { "call": { "tool": "charge", "arguments": { "amount": 501, "currency": "eur" } }, "expect": "deny" },
            { "call": { "tool": "charge", "arguments": { "amount": 5, "currency": "gbp" } }, "expect": "deny" },
            { "call": { "tool": "charge", "arguments": { "currency": "eur" } }, "expect": "deny" },
            { "call": { "tool": "branch", "arguments": { "name": "feat/x" } }, "expect": "allow" },
            { "call": { "tool": "branch", "arguments": { "name": "feat/x1" } }, "expect": "deny" },
            { "call": { "tool": "charge", "arguments": { "amount": 500, "currency": "eur" } }, "times": 2,
              "expect": "allow" },
            { "call": { "tool": "charge", "arguments": { "amount": 1, "currency": "usd" } }, "expect": "rate_limit" },
            { "call": { "tool": "open_ticket" }, "times": 3, "expect": "allow" },
            { "call": { "tool": "open_ticket" }, "expect": "rate_limit", "rule": "/tools/open_ticket/limits/0" },
            { "call": { "tool": "anything" }, "times": 3, "expect": "allow" },
            { "call": { "tool": "anything" }, "expect": "rate_limit", "rule": "/all_tools/limits/0" },
            { "at": "1h", "call": { "tool": "open_ticket" }, "times": 3, "expect": "allow" }
            """);
        Assert.Equal("A shop", (string?)imported.Document["description"]);
        Assert.All(imported.Notes, note => Assert.Contains("has its own text", note.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rules: [ { name: r, conditions: [ { path: args.x, op: regex, value: '(a)\\1' } ] } ]", "carried")]
    [InlineData("rules: [ { name: r, conditions: [ { path: args.x, op: like, value: a } ] } ]", "carried over")]
    [InlineData("rules: [ { name: r, conditions: [ { path: state.other.n, op: lte, value: 1 } ] } ]", "another rule")]
    [InlineData("rules: [ { name: r, conditions: [ { path: state.t.n, op: gte, value: 1 } ], "
        + "state: { counter: n, window: day } } ]", "only lt and lte")]
    [InlineData("rules: [ { name: r, conditions: [ { path: state.t.n, op: lte, value: 1 } ], "
        + "state: { counter: n, window: week } } ]", "minute, hour or day")]
    [InlineData("rules: [ { name: r, rate_limit: 5/week } ]", "5/hour")]
    [InlineData("rules: [ { name: r } ]", "without conditions")]
    [InlineData("rules: [ { name: r, action: ask } ]", "not a valid rule of Intercept")]
    [InlineData("rules: [ { name: r, rate_limit: 5/hour, unless: x } ]", "no such member")]
    public void What_Intercept_says_and_this_format_cannot_is_listed_and_denied(string tool, string said)
    {
        var imported = Import("intercept", $"version: \"1\"\ntools:\n  t:\n    {tool}\n");

        var note = Assert.Single(
            imported.Notes, static note => note.Message.Contains("denied until", StringComparison.Ordinal));
        Assert.Contains(said, note.Message, StringComparison.Ordinal);
        Assert.Equal(4, note.Line);
        Assert.StartsWith("tools.t.rules[0]", note.Place, StringComparison.Ordinal);
        Passes(imported, """{ "call": { "tool": "t", "arguments": { "x": "aa" } }, "expect": "deny" }""");
    }

    [Fact]
    public void Lists_of_tools_allow_those_and_no_other()
    {
        const string docker = "github: [get_issue, list_issues]\nslack: []\n";
        const string tests = """
            { "call": { "tool": "get_issue" }, "expect": "allow" }, { "call": { "tool": "x" }, "expect": "deny" }
            """;
        Passes(Import("docker-mcp", docker, "github"), tests);
        Passes(Import("docker-mcp", docker, "slack"), """{ "call": { "tool": "get_issue" }, "expect": "deny" }""");
        Assert.Throws<ImportException>(() => Import("docker-mcp", docker));
        Assert.Throws<ImportException>(() => Import("docker-mcp", docker, "gitlab"));

        var hive = Import("toolhive", """
            apiVersion: toolhive.stacklok.dev/v1alpha1
            kind: MCPToolConfig
            spec:
              toolsFilter: [get_issue]
              toolsOverride: { get_issue: { name: issue } }
            """);
        Passes(hive, tests);
        Assert.Equal("spec.toolsOverride.get_issue", Assert.Single(hive.Notes).Place);
        Passes(Import("toolhive", "toolsFilter: []\n"), """{ "call": { "tool": "x" }, "expect": "allow" }""");
    }

    [Fact]
    public void Descriptors_of_Envoy_are_limits_where_they_fit()
    {
        var imported = Import("envoy", """
            domain: mcp
            descriptors:
              - key: tool
                value: send
                rate_limit: { unit: minute, requests_per_unit: 4 }
                descriptors:
                  - key: grant
                    rate_limit: { unit: minute, requests_per_unit: 3 }
                  - key: country
                    value: de
                    rate_limit: { unit: minute, requests_per_unit: 1 }
              - key: tool
                value: never
                rate_limit: { unit: day, requests_per_unit: 0 }
              - key: tool
                value: free
                rate_limit: { unlimited: true }
              - key: remote_address
                rate_limit: { unit: second, requests_per_unit: 1 }
            """);

        Passes(imported, """
            { "grant": "a", "call": { "tool": "send" }, "times": 3, "expect": "allow" },
            { "grant": "a", "call": { "tool": "send" }, "expect": "rate_limit", "rule": "/tools/send/limits/1" },
            { "grant": "b", "call": { "tool": "send" }, "expect": "allow" },
            { "grant": "b", "call": { "tool": "send" }, "expect": "rate_limit", "rule": "/tools/send/limits/0" },
            { "call": { "tool": "never" }, "expect": "deny" },
            { "call": { "tool": "free" }, "times": 9, "expect": "allow" },
            { "call": { "tool": "other" }, "times": 9, "expect": "allow" }
            """);
        Assert.Equal(
            ["descriptors[0].descriptors[1]", "descriptors[3]"], imported.Notes.Select(static note => note.Place));
    }

    [Theory]
    [InlineData("intercept", "version: \"2\"\n", "must have version")]
    [InlineData("intercept", "version: \"1\"\ndefault: maybe\n", "2: default must be")]
    [InlineData("intercept", "version: \"1\"\ntools: { \"a*\": { rules: [] } }\n", "a pattern in a policy")]
    [InlineData("intercept", "version: [\n", "not valid YAML")]
    [InlineData("intercept", "a: 1\na: 2\n", "not valid YAML")]
    [InlineData("intercept", "a: 1\n---\nb: 2\n", "2 documents")]
    [InlineData("docker-mcp", "- a\n", "must have a list of tools")]
    [InlineData("docker-mcp", "a: b\n", "must be a list")]
    [InlineData("toolhive", "spec: {}\n", "neither toolsFilter")]
    [InlineData("envoy", "domain: x\n", "must have domain and descriptors")]
    public async Task Says_why_a_file_cannot_be_read(string format, string text, string said)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "f.yaml"), text);

        var run = await new Cli(_folder.Path).RunAsync("policy", "import", "--from", format, "f.yaml");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prints_a_policy_that_validates_and_lists_the_rest()
    {
        var cli = new Cli(_folder.Path);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "shop.yaml"), Shop);

        var run = await cli.RunAsync("policy", "import", "--from", "intercept", "shop.yaml");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("shop.yaml:9: tools.open_ticket.rules[0].on_deny: ", run.Errors, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "shop.json"), run.Output);
        Assert.Equal(0, (await cli.RunAsync("policy", "validate", "shop.json")).ExitCode);
        Assert.Equal(1,
            (await cli.RunAsync("policy", "import", "--from", "intercept", "shop.yaml", "--strict")).ExitCode);
        Assert.Equal(2, (await cli.RunAsync("policy", "import", "--from", "opa", "shop.yaml")).ExitCode);
    }

    private static ImportedPolicy Import(string format, string text, string? server = null) =>
        PolicyImporter.Import(Encoding.UTF8.GetBytes(text), new ImportChoices(format) { Server = server });

    private static void Passes(ImportedPolicy imported, string tests)
    {
        var document = imported.Document.DeepClone().AsObject();
        document["tests"] = JsonNode.Parse($"[ {tests} ]");
        var bytes = Encoding.UTF8.GetBytes(document.ToJsonString());
        var loaded = PolicyLoader.Load(bytes, "p.json");
        Assert.DoesNotContain(loaded.Problems, static problem => problem.Severity == ProblemSeverity.Error);
        Assert.Empty(CallTests.Run(loaded.Policy!, bytes, "p.json").Failures);
    }
}
