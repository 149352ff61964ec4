namespace Gateway.Tidy.Tests.Documents;

/// <summary>What the documents name is there, they stay short, and nothing names one machine or one registry.</summary>
internal static partial class DocumentRules
{
    /// <summary>The most lines that a document may have.</summary>
    public static readonly IReadOnlyDictionary<string, int> LinesMax = new Dictionary<string, int>
    {
        ["README.md"] = 100,
        ["ARCHITECTURE.md"] = 160,
        ["CONTRIBUTING.md"] = 160,
    };

    private static readonly string[] LockFiles =
        ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "packages.lock.json"];

    public static bool NamesPaths(string path) =>
        path is "README.md" or "ARCHITECTURE.md" or "CONTRIBUTING.md" or "SECURITY.md"
        || (Repository.IsUnder(path, "docs") && path.EndsWith(".md", StringComparison.Ordinal));

    public static IEnumerable<Offence> Length(string path, string text)
    {
        var count = text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        if (LinesMax.TryGetValue(path, out var max) && count > max)
            yield return new(path, 0, $"{count} lines; at most {max}");
    }

    /// <summary>Links, and every word that starts like a path of this repository, in code blocks too.</summary>
    public static IEnumerable<Offence> Paths(string path, string text, Func<string, bool> exists)
    {
        var folder = Path.GetDirectoryName(path)!.Replace('\\', '/');
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            foreach (var link in Link().Matches(line).Select(match => match.Groups[1].Value))
            {
                if (!exists(Path.Combine(folder, link)))
                    yield return new(path, number, $"links to {link}, which is not there");
            }

            foreach (var name in RepositoryPath().Matches(line).Select(match => match.Value.TrimEnd('.', '/')))
            {
                if (!exists(name)) yield return new(path, number, $"names {name}, which is not there");
            }
        }
    }

    /// <summary>Tests that a page names as <c>Class.Method</c>.</summary>
    /// <param name="path">The page.</param>
    /// <param name="text">What it says.</param>
    /// <param name="code">What the classes of that name say; nothing where there is none.</param>
    public static IEnumerable<Offence> TestNames(string path, string text, Func<string, string> code) =>
        from match in TestName().Matches(text)
        let declares = new Regex($@"\b{match.Groups[2].Value}\(")
        where !declares.IsMatch(code(match.Groups[1].Value))
        select new Offence(path, 0, $"names the test {match.Value}, which is not there");

    public static IEnumerable<Offence> RegistryNames(string path, string text)
    {
        var name = Path.GetFileName(path);
        if (name.Equals("NuGet.config", StringComparison.OrdinalIgnoreCase) && SourceOrHost().IsMatch(text))
            yield return new(path, 0, "names a source; the user's own sources apply");

        if (LockFiles.Contains(name) && text.Contains("://", StringComparison.Ordinal))
            yield return new(path, 0, "names a host; write the lock without \"resolved\" and \"funding\"");
    }

    public static IEnumerable<Offence> MachinePaths(string path, string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (MachinePath().IsMatch(line)) yield return new(path, number, "names a path of one machine");
        }
    }

    [GeneratedRegex(@"\]\((?![a-z]+:|#|/)([^)\s#]+)")]
    private static partial Regex Link();

    // A pattern, a placeholder or a longer URL is no path: nothing of those may stand beside the name.
    [GeneratedRegex(@"(?<![\w/.*{}<>~-])(?>(?:src|tests|docs|deploy|load-tests|\.ci)/[\w./-]*"
        + @"|[A-Z][\w-]*(?:\.[\w-]+)*?\.(?:md|slnf?|props|config)\b)(?![\w/*{}<>])")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"\b([A-Z]\w*Tests)\.([A-Z]\w+_\w+)\b")]
    private static partial Regex TestName();

    [GeneratedRegex(@"packageSources|://", RegexOptions.IgnoreCase)]
    private static partial Regex SourceOrHost();

    [GeneratedRegex(@"(?<![\w.])/(?:work|root)/|(?<!\w)/tmp/\w+/|(?<![\w.])/(?:home|Users)/\w+/|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();
}
