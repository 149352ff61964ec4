namespace Gateway.Tidy.Tests.Code;

/// <summary>A folder is named after a concept.</summary>
internal static class TypeRules
{
    private static readonly string[] BannedFolders =
        ["Common", "Shared", "Utils", "Utilities", "Helpers", "Services", "Managers", "Abstractions"];

    public static IEnumerable<Offence> FolderNames(string path) =>
        from folder in path.Split('/')[..^1]
        where BannedFolders.Contains(folder, StringComparer.OrdinalIgnoreCase)
        select new Offence(path, 0, $"a folder is a concept, never \"{folder}\"");
}
