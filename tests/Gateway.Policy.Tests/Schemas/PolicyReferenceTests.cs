using Gateway.Policy.Schemas;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Schemas;

public sealed class PolicyReferenceTests
{
    private const string Head = """
        # Every member of a policy
        Written from the schema, which a gateway serves as `/schemas/policy-v1.json`. A test compares the two, loads every
        example, and asks the loader what it says of wrong values;
        `GATEWAY_UPDATE=1 dotnet test tests/Gateway.Policy.Tests --filter PolicyReferenceTests` writes the page anew. What
        the members mean together is in `docs/how-to/policy.md`. A member that names no version is there since 0.1.

        A problem is told with the file, line, column and place. One problem refuses the whole document, and what was in
        force stays.
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
