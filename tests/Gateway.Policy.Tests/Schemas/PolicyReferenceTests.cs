using Gateway.Policy.Schemas;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Schemas;

public sealed class PolicyReferenceTests
{
    private const string Head = """
        # Every member of a policy
        Generated from the schema that a gateway serves as `/schemas/policy-v1.json`. `docs/how-to/policy.md` explains how the
        members work together. One error refuses the whole document, and the previous one stays in effect.
        """;

    [Fact]
    public void The_page_says_what_the_schema_and_the_loader_say()
    {
        var page = SourceTree.PathOf("docs", "reference", "policy.md");
        var now = new SchemaReference(PublishedSchema.Policy.Utf8, Problems).Write(Head);
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1") File.WriteAllText(page, now);

        Assert.Equal(now.Split('\n'), File.ReadAllText(page).Split('\n'));
    }

    private static (string Pointer, string Message)[] Problems(string document) =>
    [
        .. Load(document).Problems.Where(static problem => problem.Severity == ProblemSeverity.Error)
            .Select(static problem => (problem.Pointer, problem.Message)),
    ];
}
