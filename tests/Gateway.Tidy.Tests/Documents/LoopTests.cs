namespace Gateway.Tidy.Tests.Documents;

/// <summary>Loops without an end condition are reviewed, and listed with their bounds.</summary>
public sealed class LoopTests
{
    private const string Page = "docs/engineering/security-tests.md";

    [Fact]
    public void Loop_without_an_end_condition_is_listed_with_its_bound()
    {
        var page = Repository.Read(Page);
        var files = Repository.Sources
            .Where(static file => ((string[])["src/core", "src/gateway", "src/stores"]).Any(
                folder => Repository.IsUnder(file.Path, folder)))
            .Where(static file => file.Syntax.DescendantNodes().Any(IsEndless))
            .Select(static file => file.Path).ToList();

        Assert.True(files.Count > 30, $"{files.Count} files have such a loop");
        Offence.AssertNone(
            from file in files
            where !page.Contains($"| `{file}` |", StringComparison.Ordinal)
            select new Offence(file, 0, $"has a loop without an end condition; say in {Page} what bounds it"));
    }

    private static bool IsEndless(SyntaxNode node) => node switch
    {
        WhileStatementSyntax loop => IsTrue(loop.Condition),
        DoStatementSyntax loop => IsTrue(loop.Condition),
        ForStatementSyntax loop => loop.Condition is null || IsTrue(loop.Condition),
        _ => false,
    };

    private static bool IsTrue(ExpressionSyntax condition) => condition.IsKind(SyntaxKind.TrueLiteralExpression);
}
