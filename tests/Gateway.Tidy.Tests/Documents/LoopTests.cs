namespace Gateway.Tidy.Tests.Documents;

/// <summary>Loops that can repeat something without an end are reviewed, and listed with their bounds.</summary>
public sealed class LoopTests
{
    private const string Page = "docs/engineering/loops.md";

    private static readonly string[] Folders =
    [
        "src/core", "src/gateway", "src/stores", "src/extensions", "src/hosts/Gateway.Cluster",
        "src/hosts/Gateway.Hosting/Bridge", "src/hosts/Gateway.Hosting/Composition",
        "src/hosts/Gateway.Hosting/Documentation", "src/hosts/Gateway.Hosting/Draining",
        "src/hosts/Gateway.Hosting/Logs", "src/hosts/Gateway.Hosting/Options", "src/hosts/Gateway.Hosting/Running",
        "src/hosts/Gateway.Hosting/Telemetry",
    ];

    [Fact]
    public void Loop_without_an_end_condition_is_listed_with_its_bound() =>
        AssertListed(IsEndless, atLeast: 50, "has a loop without an end condition");

    [Fact]
    public void Loop_that_goes_on_after_a_failure_is_listed_with_its_bound() =>
        AssertListed(GoesOn, atLeast: 10, "has a loop that awaits and goes on after a failure or a continue");

    [Fact]
    public void File_that_is_listed_has_such_a_loop()
    {
        var files = Repository.Sources.Where(static file => file.Syntax.DescendantNodes().Any(IsLoop))
            .Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        Offence.AssertNone(
            from line in Repository.Read(Page).Split('\n')
            where line.StartsWith("| `src/", StringComparison.Ordinal)
            let path = line.Split('`')[1]
            where !files.Contains(path)
            select new Offence(Page, 0, $"lists {path}, which has no loop"));
    }

    [Theory]
    [InlineData("while (true) { }", true, false)]
    [InlineData("for (;;) { }", true, false)]
    [InlineData("while (!ended) { try { await Read(); } catch (IOException) { } }", false, true)]
    [InlineData("for (var next = first; next != null;) { if (await Read()) continue; }", false, true)]
    [InlineData("do { await Read(); if (x) continue; } while (!ended);", false, true)]
    [InlineData("for (var i = 0; i < 3; i++) { try { await Read(); } catch (IOException) { } }", false, false)]
    [InlineData("while (await Next()) { Take(); }", false, false)]
    [InlineData("while (!ended) { Run(async () => { await Read(); }); continue; }", false, false)]
    public void Catches_loops_that_may_go_on(string loop, bool isEndless, bool goesOn)
    {
        var nodes = CSharpSyntaxTree.ParseText($"async Task Run() {{ {loop} }}").GetRoot().DescendantNodes().ToList();
        Assert.Equal((isEndless, goesOn), (nodes.Any(IsEndless), nodes.Any(GoesOn)));
    }

    private static void AssertListed(Func<SyntaxNode, bool> isSuch, int atLeast, string what)
    {
        var page = Repository.Read(Page);
        var files = Repository.Sources
            .Where(static file => Folders.Any(folder => Repository.IsUnder(file.Path, folder)))
            .Where(file => file.Syntax.DescendantNodes().Any(isSuch))
            .Select(static file => file.Path).ToList();

        Assert.True(files.Count > atLeast, $"{files.Count} files have such a loop");
        Offence.AssertNone(
            from file in files
            where !page.Contains($"| `{file}` |", StringComparison.Ordinal)
            select new Offence(file, 0, $"{what}; say in {Page} what bounds it"));
    }

    private static bool IsLoop(SyntaxNode node) =>
        node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or ForEachStatementSyntax;

    private static bool IsEndless(SyntaxNode node) => node switch
    {
        WhileStatementSyntax loop => IsTrue(loop.Condition),
        DoStatementSyntax loop => IsTrue(loop.Condition),
        ForStatementSyntax loop => loop.Condition is null || IsTrue(loop.Condition),
        _ => false,
    };

    /// <summary>
    /// A loop that awaits, and whose next round may follow a failure or a <c>continue</c>, unless it counts its rounds.
    /// </summary>
    private static bool GoesOn(SyntaxNode node)
    {
        var body = node switch
        {
            WhileStatementSyntax loop when !IsTrue(loop.Condition) => loop.Statement,
            DoStatementSyntax loop when !IsTrue(loop.Condition) => loop.Statement,
            ForStatementSyntax { Condition: not null } loop when !Counts(loop) => loop.Statement,
            _ => null,
        };
        return body is not null && Within(body, static _ => true).Any(static inner => inner is AwaitExpressionSyntax)
            && Within(body, static inner => !IsLoop(inner)).Any(
                static inner => inner is CatchClauseSyntax or ContinueStatementSyntax);
    }

    private static IEnumerable<SyntaxNode> Within(StatementSyntax body, Func<SyntaxNode, bool> isIncluded) =>
        body.DescendantNodesAndSelf(inner => isIncluded(inner)
            && inner is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    /// <summary>Compares one variable with a bound and increments it each time.</summary>
    private static bool Counts(ForStatementSyntax loop) =>
        loop.Condition!.DescendantNodesAndSelf().Any(static node => node.IsKind(SyntaxKind.LessThanExpression)
            || node.IsKind(SyntaxKind.LessThanOrEqualExpression))
        && loop.Incrementors.Any(static one => one.IsKind(SyntaxKind.PostIncrementExpression));

    private static bool IsTrue(ExpressionSyntax condition) => condition.IsKind(SyntaxKind.TrueLiteralExpression);
}
