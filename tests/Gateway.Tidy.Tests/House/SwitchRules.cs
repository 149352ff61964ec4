namespace Gateway.Tidy.Tests.House;

/// <summary>A switch over the kinds of a thing names each kind, so that a new one cannot pass for another.</summary>
internal static class SwitchRules
{
    /// <summary>Default arms with a value of their own, in switches whose other arms are members of one enumeration.
    /// </summary>
    public static IEnumerable<Offence> ActingDefaults(IEnumerable<SourceFile> sources)
    {
        SourceFile[] files = [.. sources];
        var kinds = files.SelectMany(DeclaredType.Of).Where(static type => type.Node is EnumDeclarationSyntax)
            .Select(static type => type.Name).ToHashSet(StringComparer.Ordinal);
        // RFC 8259 and three-valued logic have no further member.
        kinds.ExceptWith(["JsonKind", "TriState"]);
        return from file in files
               from node in file.Syntax.DescendantNodes().OfType<SwitchExpressionSyntax>()
               let last = node.Arms.LastOrDefault()
               where last is { Pattern: DiscardPatternSyntax, WhenClause: null } && Acts(last.Expression)
               let enums = node.Arms.SkipLast(1).Select(EnumOf).Distinct().ToArray()
               where enums is [not null] && kinds.Contains(enums[0]!)
               select file.Offence(last, $"a new {enums[0]} would pass for another; name its members, and throw");
    }

    // A value that stands for nothing refuses.
    private static bool Acts(ExpressionSyntax expression) => expression switch
    {
        ThrowExpressionSyntax => false,
        LiteralExpressionSyntax literal => literal.Token.Value is not 0
            && !literal.IsKind(SyntaxKind.NullLiteralExpression)
            && !literal.IsKind(SyntaxKind.FalseLiteralExpression)
            && !literal.IsKind(SyntaxKind.DefaultLiteralExpression),
        _ => true,
    };

    private static string? EnumOf(SwitchExpressionArmSyntax arm) =>
        arm.WhenClause is null ? EnumOf(arm.Pattern) : null;

    private static string? EnumOf(PatternSyntax pattern) => pattern switch
    {
        ConstantPatternSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax name } } =>
            name.Identifier.Text,
        BinaryPatternSyntax { RawKind: (int)SyntaxKind.OrPattern } either
            when EnumOf(either.Left) is { } left && EnumOf(either.Right) == left => left,
        _ => null,
    };
}
