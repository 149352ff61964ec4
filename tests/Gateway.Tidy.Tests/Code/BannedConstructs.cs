namespace Gateway.Tidy.Tests.Code;

/// <summary>What breaks a promise of the house: one clock, no blocked thread, nothing left for later.</summary>
internal static class BannedConstructs
{
    private const string OneClock = "time comes from an injected TimeProvider, read once per decision";

    private static readonly Dictionary<string, string> Everywhere = new()
    {
        ["DateTime.Now"] = OneClock,
        ["DateTime.UtcNow"] = OneClock,
        ["DateTime.Today"] = OneClock,
        ["DateTimeOffset.Now"] = OneClock,
        ["DateTimeOffset.UtcNow"] = OneClock,
        ["Thread.Sleep"] = "no thread sleeps",
        ["Task.WaitAll"] = "no thread waits for a task",
        ["Task.WaitAny"] = "no thread waits for a task",
    };

    private static readonly Dictionary<string, string> InSources = new()
    {
        ["Stopwatch.GetTimestamp"] = OneClock,
        ["Stopwatch.StartNew"] = OneClock,
    };

    private static readonly Dictionary<string, string> InTests = new()
    {
        ["Task.Delay"] = "a test waits for what happens, not for time to pass",
        ["Directory.CreateTempSubdirectory"] = "a test's folder is a TestFolder, whose clean-up fails nobody",
    };

    private static readonly string[] LeftForLater = ["TO" + "DO", "FIX" + "ME"];

    public static IEnumerable<Offence> Check(SourceFile file) =>
        [.. Members(file), .. BlockedTasks(file), .. HttpClients(file), .. Unfinished(file), .. Regions(file)];

    private static IEnumerable<Offence> Members(SourceFile file)
    {
        var here = file.IsTest ? InTests : InSources;
        foreach (var access in file.Syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
        {
            var name = $"{LastName(access.Expression)}.{access.Name.Identifier.Text}";
            if (Everywhere.TryGetValue(name, out var why) || here.TryGetValue(name, out why))
                yield return file.Offence(access, $"{name}: {why}");
        }
    }

    /// <summary>Syntax alone knows no types: what is named or made like a task is taken for one.</summary>
    private static IEnumerable<Offence> BlockedTasks(SourceFile file) =>
        from access in file.Syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
        let member = access.Name.Identifier.Text
        where (member is "Result" or "Wait" && IsTask(access.Expression))
            || (member is "GetResult" && LastName(access.Expression) is "GetAwaiter")
        select file.Offence(access, $".{member}: a task is awaited, never blocked on");

    private static bool IsTask(ExpressionSyntax expression)
    {
        var name = LastName(expression);
        if (name.EndsWith("task", StringComparison.OrdinalIgnoreCase)) return true;
        if (expression is not InvocationExpressionSyntax) return false;
        return name.EndsWith("Async", StringComparison.Ordinal) || name is "Run" or "WhenAll" or "WhenAny" or "AsTask";
    }

    private static IEnumerable<Offence> HttpClients(SourceFile file)
    {
        if (file.IsTest) yield break;

        foreach (var creation in file.Syntax.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>())
        {
            if (CreatedType(creation) is "HttpClient")
                yield return file.Offence(creation, "HttpClient's defaults follow redirects, cookies and proxies");
        }
    }

    private static string CreatedType(BaseObjectCreationExpressionSyntax creation)
    {
        if (creation is ObjectCreationExpressionSyntax named) return LastName(named.Type);

        // new(…) takes its type from the declaration around it; elsewhere syntax cannot tell.
        return creation.Parent?.Parent switch
        {
            VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } => LastName(declaration.Type),
            PropertyDeclarationSyntax property => LastName(property.Type),
            _ => "",
        };
    }

    private static IEnumerable<Offence> Unfinished(SourceFile file)
    {
        foreach (var name in file.Syntax.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.Text is "NotImplementedException")
                yield return file.Offence(name, "what is not there yet is refused with its reason");
        }

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

    private static string LastName(SyntaxNode node) => node switch
    {
        SimpleNameSyntax simple => simple.Identifier.Text,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        InvocationExpressionSyntax invocation => LastName(invocation.Expression),
        NullableTypeSyntax nullable => LastName(nullable.ElementType),
        ParenthesizedExpressionSyntax inner => LastName(inner.Expression),
        _ => "",
    };
}
