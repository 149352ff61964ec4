namespace Gateway.Tidy.Tests.Code;

/// <summary>
/// What no analyzer finds: comments that leave something for later, and regions. What must not be called stands in the
/// files BannedSymbols.txt.
/// </summary>
internal static class BannedConstructs
{
    private static readonly string[] LeftForLater = ["TO" + "DO", "FIX" + "ME"];

    public static IEnumerable<Offence> Check(SourceFile file) => [.. Unfinished(file), .. Regions(file)];

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
}
