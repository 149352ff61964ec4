namespace Gateway.Tidy.Tests.Code;

/// <summary>
/// What no analyzer finds: comments that leave something for later, regions, and exceptions that vanish. What must
/// not be called stands in the files BannedSymbols.txt.
/// </summary>
internal static class BannedConstructs
{
    private static readonly string[] LeftForLater = ["TO" + "DO", "FIX" + "ME"];

    public static IEnumerable<Offence> Check(SourceFile file) =>
        [.. Unfinished(file), .. Regions(file), .. Swallowed(file)];

    private static IEnumerable<Offence> Unfinished(SourceFile file)
    {
        foreach (var trivia in file.Syntax.DescendantTrivia())
        {
            if (!IsComment(trivia)) continue;
            var text = trivia.ToString();
            if (LeftForLater.Any(word => text.Contains(word, StringComparison.Ordinal)))
                yield return file.Offence(trivia, "a comment that leaves something for later");
        }
    }

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia
        or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia
        or SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static IEnumerable<Offence> Regions(SourceFile file) =>
        from trivia in file.Syntax.DescendantTrivia()
        where trivia.IsKind(SyntaxKind.RegionDirectiveTrivia)
        select file.Offence(trivia, "a region hides what should be split");

    // Whoever catches any exception uses it (a log line, a state) or throws.
    private static IEnumerable<Offence> Swallowed(SourceFile file) =>
        from caught in file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>()
        where caught.Filter?.FilterExpression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
                .Any(name => name.Identifier.ValueText == caught.Declaration?.Identifier.ValueText) != true
            && caught.Declaration?.Type.ToString() is (null or "Exception")
            && !caught.Block.DescendantNodes().Any(node =>
                node is ThrowStatementSyntax or ThrowExpressionSyntax
                || (node is IdentifierNameSyntax name
                    && name.Identifier.ValueText == caught.Declaration?.Identifier.ValueText))
        select file.Offence(caught, "any exception is caught, and nobody learns of it");
}
