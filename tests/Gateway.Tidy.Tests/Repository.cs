namespace Gateway.Tidy.Tests;

/// <summary>The tree that this assembly was built from, without what builds and package managers put there.</summary>
internal static class Repository
{
    private static readonly string[] GeneratedFolders =
        [".git", ".vs", ".idea", ".gateway", "artifacts", "bin", "obj", "node_modules", "TestResults",
            "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = SourceTree.Root;

    /// <summary>Every file, as a path relative to <see cref="Root"/> with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
        Walk(Root).Select(Relative).Order(StringComparer.Ordinal).ToList();

    public static IReadOnlyList<SourceFile> Sources { get; } = Files
        .Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
        .Where(path => IsUnder(path, "src") || IsUnder(path, "tests") || IsUnder(path, "load-tests")
            || IsUnder(path, "docs"))
        .Select(path => new SourceFile(path, Read(path)))
        .ToList();

    public static bool IsUnder(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path)
    {
        var full = Path.Combine(Root, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;

        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            if (GeneratedFolders.Contains(Path.GetFileName(child))) continue;
            foreach (var file in Walk(child)) yield return file;
        }
    }

    private static string Relative(string full) => Path.GetRelativePath(Root, full).Replace('\\', '/');
}
