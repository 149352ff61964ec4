namespace Gateway.Tidy.Tests.Code;

/// <summary>A public type is found by its file's name, and a folder is named after a concept.</summary>
internal static class TypeRules
{
    private static readonly string[] BannedFolders =
        ["Common", "Shared", "Utils", "Utilities", "Helpers", "Services", "Managers", "Abstractions"];

    public static IEnumerable<Offence> OnePublicType(SourceFile file) =>
        file.Syntax.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .Where(node => node.Modifiers.Any(SyntaxKind.PublicKeyword))
            .Skip(1)
            .Select(node => file.Offence(node, "a second public type in one file"));

    public static IEnumerable<Offence> FolderNames(string path) =>
        from folder in path.Split('/')[..^1]
        where BannedFolders.Contains(folder, StringComparer.OrdinalIgnoreCase)
        select new Offence(path, 0, $"a folder is a concept, never \"{folder}\"");
}
