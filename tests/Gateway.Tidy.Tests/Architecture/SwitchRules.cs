namespace Gateway.Tidy.Tests.Architecture;

/// <summary>A switch over the kinds of a thing names each kind, so that a new one cannot pass for another.</summary>
internal static class SwitchRules
{
    /// <summary>
    /// Defaults with an effect of their own, in switches whose other patterns are members of one enumeration or null,
    /// alone or at one place of a tuple.
    /// </summary>
    public static IEnumerable<Offence> ActingDefaults(IEnumerable<SourceFile> sources)
    {
        SourceFile[] files = [.. sources];
        var kinds = files.SelectMany(DeclaredType.Of).Where(static type => type.Node is EnumDeclarationSyntax)
            .Select(static type => type.Name).ToHashSet(StringComparer.Ordinal);
        // RFC 8259 and three-valued logic have no further member.
        kinds.ExceptWith(["JsonKind", "TriState"]);
        return from file in files
               from node in file.Syntax.DescendantNodes()
               let found = node switch
               {
                   SwitchExpressionSyntax expression => Found(expression),
                   SwitchStatementSyntax statement => Found(statement),
                   _ => default,
               }
               where found.Default is not null
               let kind = Places(found.Patterns).Select(KindOf).OfType<string>().FirstOrDefault(kinds.Contains)
               where kind is not null
               select file.Offence(found.Default, $"a new {kind} would pass for another; name its members, and throw");
    }

    /// <summary>
    /// Defaults of switch expressions over texts that make an object or select a member other than None, Unknown and
    /// Failed, as if an unknown text were a known one.
    /// </summary>
    public static IEnumerable<Offence> ActingTextDefaults(IEnumerable<SourceFile> sources) =>
        from file in sources
        from node in file.Syntax.DescendantNodes().OfType<SwitchExpressionSyntax>()
        let found = Found(node)
        where found.Default is SwitchExpressionArmSyntax arm && arm.Expression switch
        {
            BaseObjectCreationExpressionSyntax => true,
            MemberAccessExpressionSyntax member => member.Name.Identifier.Text is not ("None" or "Unknown" or "Failed"),
            _ => false,
        }
        where found.Patterns.SelectMany(Alternatives).All(static one => IsText(one) || IsNull(one))
        select file.Offence(found.Default!, "an unknown text would pass for a known one; name the texts, and throw");

    private static bool IsText(PatternSyntax pattern) => pattern is ConstantPatternSyntax
    {
        Expression.RawKind: (int)SyntaxKind.StringLiteralExpression,
    };

    private static (SyntaxNode? Default, PatternSyntax[] Patterns) Found(SwitchExpressionSyntax node) =>
        node.Arms.LastOrDefault() is { WhenClause: null } last && IsAny(last.Pattern) && Acts(last.Expression)
            ? (last, [.. node.Arms.SkipLast(1).Select(static arm => arm.Pattern)])
            : default;

    private static (SyntaxNode? Default, PatternSyntax[] Patterns) Found(SwitchStatementSyntax node) =>
        node.Sections.FirstOrDefault(static section => section.Labels.Any(IsAny)) is { } section && Acts(section)
            ? (section, [.. node.Sections.SelectMany(static one => one.Labels).Select(PatternOf).OfType<PatternSyntax>()
                .Where(static pattern => !IsAny(pattern))])
            : default;

    private static bool IsAny(SwitchLabelSyntax label) => label is DefaultSwitchLabelSyntax
        || (label is CasePatternSwitchLabelSyntax { WhenClause: null } any && IsAny(any.Pattern));

    private static PatternSyntax? PatternOf(SwitchLabelSyntax label) => label switch
    {
        CaseSwitchLabelSyntax constant => SyntaxFactory.ConstantPattern(constant.Value),
        CasePatternSwitchLabelSyntax pattern => pattern.Pattern,
        DefaultSwitchLabelSyntax => null,
        _ => throw new NotSupportedException($"{label.Kind()}"),
    };

    /// <summary>The patterns of each place of a tuple; without tuples the patterns are of one place.</summary>
    private static IEnumerable<PatternSyntax[]> Places(PatternSyntax[] patterns)
    {
        var tuples = patterns.Select(static pattern => pattern is RecursivePatternSyntax
        {
            Type: null, PropertyPatternClause: null, PositionalPatternClause.Subpatterns: var parts,
        } ? parts.Select(static part => part.Pattern).ToArray() : null).ToArray();
        return tuples is [{ Length: var length }, ..]
            ? Enumerable.Range(0, length).Select(place =>
                tuples.Select(tuple => tuple?[place]).OfType<PatternSyntax>().ToArray())
            : [patterns];
    }

    private static string? KindOf(PatternSyntax[] patterns)
    {
        var named = patterns.SelectMany(Alternatives).Where(static one => !IsAny(one) && !IsNull(one));
        return named.Select(EnumOf).Distinct().ToArray() is [{ } only] ? only : null;
    }

    private static IEnumerable<PatternSyntax> Alternatives(PatternSyntax pattern) =>
        pattern is BinaryPatternSyntax { RawKind: (int)SyntaxKind.OrPattern } either
            ? Alternatives(either.Left).Concat(Alternatives(either.Right)) : [pattern];

    private static bool IsNull(PatternSyntax pattern) =>
        pattern is ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression };

    private static bool IsAny(PatternSyntax pattern) => pattern is DiscardPatternSyntax or VarPatternSyntax
        || (pattern is RecursivePatternSyntax { PositionalPatternClause.Subpatterns: { Count: > 0 } parts }
            && parts.All(static part => IsAny(part.Pattern)));

    private static bool Acts(SwitchSectionSyntax section) => section.Statements switch
    {
        [ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax] => false,
        [ReturnStatementSyntax { Expression: var value }] => value is not null && Acts(value),
        _ => true,
    };

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

    private static string? EnumOf(PatternSyntax pattern) => pattern
        is ConstantPatternSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax name } }
            ? name.Identifier.Text : null;
}
