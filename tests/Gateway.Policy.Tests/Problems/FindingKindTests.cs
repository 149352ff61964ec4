using Gateway.Policy.Reviewing;

namespace Gateway.Policy.Tests.Problems;

public sealed class FindingKindTests
{
    private const string Head = """
        # Findings
        Warnings of `gateway policy validate` about a policy that loads but is probably a mistake. `--server NAME` also compares it
        with the server's tools; `--strict` exits with 1 for any finding. `--json` has the code as `code`.

        The examples assume these tools: `pay` (of high risk, with a number `amount`), `list` (returns an `email`) and `export`
        (with an output schema that the gateway cannot check), each without an accepted class, and a single channel, `nights`.
        """;

    private static readonly ReviewedTool[] Tools =
    [
        new("pay", """{"properties":{"amount":{"type":"number"}}}"""u8.ToArray(), "its name says \"pay\""),
        new("list", default, null) { OutputSchema = """{"properties":{"email":{"type":"string"}}}"""u8.ToArray() },
        new("export", default, null) { OutputSchema = """{"$dynamicRef":"#row"}"""u8.ToArray() },
    ];

    public static TheoryData<string> Codes => [.. FindingKind.All.Select(static kind => kind.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void An_example_shows_what_it_is(string code)
    {
        var kind = FindingKind.All.Single(one => one.Code == code);

        Assert.Contains(Found(kind), problem => problem.Kind == kind);
    }

    [Fact]
    public void Every_kind_is_on_the_page()
    {
        var page = SourceTree.PathOf("docs", "reference", "findings.md");
        var now = new StringBuilder(Head).Append('\n');
        foreach (var kind in FindingKind.All)
            now.Append($"\n## {kind.Code}\n{kind.Says} {kind.WayOut}\n\n```json\n{kind.Example}\n```\n");

        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1") File.WriteAllText(page, now.ToString());

        Assert.Equal(now.ToString().Split('\n'), File.ReadAllText(page).Split('\n'));
    }

    private static IEnumerable<PolicyProblem> Found(FindingKind kind)
    {
        var byDefault = kind.Example.Contains("\"default\"", StringComparison.Ordinal) ? "" : "\"default\": \"deny\", ";
        var document = $"{{ \"version\": \"1\", {byDefault}{kind.Example} }}";
        return PolicyReview.Run(Encoding.UTF8.GetBytes(document), "policy.json", Tools, ["nights"]);
    }
}
