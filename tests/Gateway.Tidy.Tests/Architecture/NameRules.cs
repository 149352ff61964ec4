namespace Gateway.Tidy.Tests.Architecture;

/// <summary>One name means one type, and every type has a use.</summary>
internal static class NameRules
{
    public static IEnumerable<Offence> DeclaredTwice(IEnumerable<SourceFile> files) =>
        from types in files.SelectMany(DeclaredType.Of).GroupBy(type => type.Name)
        let spaces = types.DistinctBy(type => type.Namespace).ToArray()
        where spaces.Length > 1
        from type in spaces
        select type.File.Offence(type.Node, $"{type.FullName}: {spaces.Length} types have the name {type.Name}");

    /// <summary>Internal types that no other code names; what only a test names is no part of the product.</summary>
    public static IEnumerable<Offence> Unused(IEnumerable<SourceFile> files)
    {
        var sources = files.ToArray();
        var uses = sources.SelectMany(file => Identifiers(file.Syntax)).CountBy(name => name).ToDictionary();
        return from parts in sources.SelectMany(DeclaredType.Of).GroupBy(type => type.FullName)
               where !parts.Any(part => part.IsPublic)
               let own = parts.SelectMany(part => Identifiers(part.Node)).CountBy(name => name).ToDictionary()
               where !parts.SelectMany(WaysToName)
                   .Any(name => uses.GetValueOrDefault(name) > own.GetValueOrDefault(name))
               let first = parts.First()
               select first.File.Offence(first.Node, $"nothing names {first.Name}");
    }

    private static IEnumerable<string> WaysToName(DeclaredType type) =>
    [
        type.Name,
        type.Name.EndsWith("Attribute", StringComparison.Ordinal) ? type.Name[..^"Attribute".Length] : type.Name,
        .. type.Node.DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(method => method.ParameterList.Parameters is [{ } first, ..]
                && first.Modifiers.Any(SyntaxKind.ThisKeyword))
            .Select(method => method.Identifier.Text),
        // This parser knows no extension blocks, and takes what stands in one for code of the file.
        .. type.File.Text.Contains(" extension(", StringComparison.Ordinal)
            ? type.File.Syntax.DescendantNodes().Select(NameOf).OfType<string>()
            : [],
        // A grain is made by the framework, for its interface.
        .. (type.Node as TypeDeclarationSyntax)?.BaseList?.Types.Select(one => one.Type.ToString())
            .Where(name => name == "I" + type.Name) ?? [],
    ];

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        LocalFunctionStatementSyntax method => method.Identifier.Text,
        _ => null,
    };

    private static IEnumerable<string> Identifiers(SyntaxNode node) =>
        node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.Text);
}
