namespace Gateway.Tidy.Tests.House;

/// <summary>Tests mirror the code: what tests a type stands in the folder of that type's name.</summary>
internal static class MirrorRules
{
    /// <summary>Test projects whose name leaves a part of their project's name out.</summary>
    private static readonly Dictionary<string, string> ShortNames = new()
    {
        ["Gateway.Postgres"] = "Gateway.Storage.Postgres",
        ["Gateway.Azure"] = "Gateway.Storage.Azure",
    };

    /// <summary>Folders of tests that the code does not have, and tests of a type in another folder than its.</summary>
    /// <param name="sources">All sources.</param>
    /// <param name="suites">Folders of suites that test no single type, as <c>Project.Tests/Folder</c>.</param>
    public static IEnumerable<Offence> Check(IEnumerable<SourceFile> sources, IReadOnlyCollection<string> suites)
    {
        var files = sources.ToArray();
        var types = files.Where(file => Repository.IsUnder(file.Path, "src")).SelectMany(DeclaredType.Of).ToArray();
        var folders = types.Select(type => type.Namespace).ToHashSet(StringComparer.Ordinal);
        var homes = types.ToLookup(type => type.Name, type => type.Namespace);
        return from file in files
               where Repository.IsUnder(file.Path, "tests") && !suites.Any(suite => IsIn(file.Path, suite))
               let parts = file.Path.Split('/')
               where parts[1].EndsWith(".Tests", StringComparison.Ordinal)
               let project = parts[1][..^".Tests".Length]
               let root = ShortNames.GetValueOrDefault(project, project)
               where folders.Any(folder => folder == root || IsBelow(folder, root))
               let mirrored = string.Join('.', [root, .. parts[2..^1]])
               let subject = Subject(parts[^1])
               from offence in Check(file, root, mirrored, [.. homes[subject].Where(home => IsBelow(home + ".", root))])
               select offence;

        IEnumerable<Offence> Check(SourceFile file, string root, string mirrored, string[] own)
        {
            if (mirrored != root && !folders.Contains(mirrored))
                yield return new(file.Path, 0, $"{mirrored} is no folder of the code, and no suite that is listed");
            else if (own.Length > 0 && !own.Contains(mirrored))
                yield return new(file.Path, 0, $"tests a type of {own[0]}, and stands elsewhere");
        }
    }

    private static string Subject(string file) =>
        file.EndsWith("Tests.cs", StringComparison.Ordinal) ? file[..^"Tests.cs".Length] : "";

    private static bool IsIn(string path, string suite) => Repository.IsUnder(path, "tests/" + suite);

    private static bool IsBelow(string name, string root) => name.StartsWith(root + ".", StringComparison.Ordinal);
}
