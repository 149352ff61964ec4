namespace Gateway.Tidy.Tests.Architecture;

/// <summary>A type that stands in no other; each part of a partial one is one of these.</summary>
internal sealed record DeclaredType(string Name, string Namespace, SourceFile File, MemberDeclarationSyntax Node)
{
    public string FullName => $"{Namespace}.{Name}";

    public bool IsPublic => Node.Modifiers.Any(SyntaxKind.PublicKeyword);

    public static IEnumerable<DeclaredType> Of(SourceFile file) =>
        from node in file.Syntax
            .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        let name = node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            DelegateDeclarationSyntax type => type.Identifier.Text,
            _ => null,
        }
        where name is not null
        select new DeclaredType(name, NamespaceOf(file), file, (MemberDeclarationSyntax)node);

    public static string NamespaceOf(SourceFile file) =>
        file.Syntax.ChildNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? "";
}
