namespace Gateway.Tidy.Tests.Code;

/// <summary>What fits a screen is read; the house aims at 250, 40 and 120, and these are the hard bounds.</summary>
internal static class LengthRules
{
    public const int FileLinesMax = 400;
    public const int MethodLinesMax = 70;
    public const int LineCharactersMax = 120;

    public static IEnumerable<Offence> Check(SourceFile file) =>
        Files(file).Concat(Lines(file.Path, file.Text, DataLines(file))).Concat(Methods(file));

    /// <summary>Checks the lines of a JavaScript file, unless a test writes it.</summary>
    public static IEnumerable<Offence> CheckScript(string path, string text) =>
        text.Contains("GATEWAY_UPDATE=1", StringComparison.Ordinal) ? [] : Lines(path, text, []);

    private static IEnumerable<Offence> Files(SourceFile file)
    {
        var count = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        if (count > FileLinesMax) yield return new(file.Path, 0, $"{count} lines; at most {FileLinesMax}");
    }

    private static IEnumerable<Offence> Lines(string path, string text, HashSet<int> dataLines)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var length = line.TrimEnd('\r').Length;
            if (length > LineCharactersMax && !dataLines.Contains(number))
                yield return new(path, number, $"{length} characters; at most {LineCharactersMax}");
        }
    }

    /// <summary>
    /// In tests a raw string is a message as it is sent: breaking its line would make it another message.
    /// </summary>
    private static HashSet<int> DataLines(SourceFile file)
    {
        if (!file.Path.StartsWith("tests/", StringComparison.Ordinal)) return [];
        var spans =
            from node in file.Syntax.DescendantNodes()
            where IsRawString(node)
            let span = node.GetLocation().GetLineSpan()
            from line in Enumerable.Range(
                span.StartLinePosition.Line + 1, span.EndLinePosition.Line - span.StartLinePosition.Line + 1)
            select line;
        return [.. spans];
    }

    private static bool IsRawString(SyntaxNode node) => node switch
    {
        LiteralExpressionSyntax literal => literal.Token.Text.StartsWith("\"\"\"", StringComparison.Ordinal),
        InterpolatedStringExpressionSyntax text =>
            text.StringStartToken.Text.TrimEnd().EndsWith("\"\"\"", StringComparison.Ordinal),
        _ => false,
    };

    private static IEnumerable<Offence> Methods(SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            or AnonymousFunctionExpressionSyntax
        let lines = LineCount(node)
        where lines > MethodLinesMax
        select file.Offence(node, $"a method of {lines} lines; at most {MethodLinesMax}");

    private static int LineCount(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
