namespace Gateway.Tidy.Tests.Projects;

/// <summary>The arrows between projects, and which of them a machine without the Orleans packages builds.</summary>
internal static partial class ProjectRules
{
    /// <summary>The lowest layer, which every other one may use.</summary>
    private static readonly string[] Core = ["Gateway.Limits", "Gateway.Policy", "Gateway.Mcp"];

    /// <summary>What each project may use beside the core; a project of the core, of the core too.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Gateway.Limits"] = [],
        ["Gateway.Policy"] = ["Gateway.Limits"],
        ["Gateway.Mcp"] = [],
        ["Gateway.Audit"] = [],
        ["Gateway.Control"] = ["Gateway.Audit"],
        ["Gateway.Proxy"] = ["Gateway.Audit", "Gateway.Control"],
        ["Gateway.Catalogue"] = ["Gateway.Audit", "Gateway.Control", "Gateway.Proxy"],
        ["Gateway.Admin"] = ["Gateway.Audit", "Gateway.Catalogue", "Gateway.Control", "Gateway.Proxy"],
        ["Gateway.Storage.Local"] = ["Gateway.Audit", "Gateway.Control"],
        ["Gateway.Storage.Postgres"] = ["Gateway.Audit", "Gateway.Control"],
        // The caller brings the engine.
        ["Gateway.RateLimiting"] = [],
        ["Gateway.Orleans"] = ["Gateway.Audit", "Gateway.Control"],
        ["Gateway.Storage.Azure"] = ["Gateway.Orleans"],
        ["Gateway.Hosting"] =
            ["Gateway.Admin", "Gateway.Proxy", "Gateway.Storage.Local", "Gateway.Storage.Postgres"],
        ["Gateway.Acquire"] = ["Gateway.Hosting"],
        ["Gateway.AuditSinks"] = ["Gateway.Hosting"],
        ["Gateway.Channels"] = ["Gateway.Hosting"],
        ["Gateway.EnvoyRls"] = ["Gateway.Hosting"],
        // Whatever is in src/extensions, so that one that is deleted is not referenced.
        ["Gateway.Server"] = ["*", "Gateway.Hosting"],
        ["Gateway.Cluster"] = ["*", "Gateway.Hosting", "Gateway.Orleans", "Gateway.Storage.Postgres"],
    };

    /// <summary>The cores stay free of packages, so that nothing outside decides what they promise.</summary>
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Gateway.Limits"] = [],
        ["Gateway.Policy"] = [],
        ["Gateway.Mcp"] = ["ModelContextProtocol.Core"],
    };

    /// <summary>Suites that hold extensions against each other or under load.</summary>
    private static readonly (string Extension, string Folder)[] MayName =
    [
        ("Gateway.Acquire", "load-tests"),
        ("Gateway.EnvoyRls", "load-tests"),
        ("Gateway.EnvoyRls", "tests/Gateway.Faults"),
        ("Gateway.RateLimiting", "load-tests"),
        ("Gateway.RateLimiting", "samples"),
        ("Gateway.RateLimiting", "tests/Gateway.Acquire.Tests"),
        ("Gateway.RateLimiting", "tests/Gateway.Cluster.Tests"),
        ("Gateway.RateLimiting", "tests/Gateway.Postgres.Tests"),
        ("Gateway.Storage.Azure", "tests"),
    ];

    private static readonly string[] NeedsOrleans =
        ["Gateway.Orleans", "Gateway.Storage.Azure", "Gateway.Azure", "Gateway.Cluster"];

    /// <summary>Tests in a browser, whose driver is large.</summary>
    private static readonly string[] NeedsBrowser = ["Gateway.Console.Tests"];

    public static IEnumerable<Offence> ArrowsOf(ProjectFile project)
    {
        if (!Arrows.TryGetValue(project.Name, out var allowed))
            return [new(project.Path, 0, "a project that the table of arrows does not know")];

        return from reference in project.Projects
               where !allowed.Contains(reference) && (Core.Contains(project.Name) || !Core.Contains(reference))
               select new Offence(project.Path, 0, $"may not depend on {reference}");
    }

    public static IEnumerable<Offence> PackagesOf(ProjectFile project)
    {
        if (!Packages.TryGetValue(project.Name, out var allowed)) return [];

        return from package in project.Packages
               where !allowed.Contains(package)
               select new Offence(project.Path, 0, $"may not use the package {package}");
    }

    /// <summary>
    /// The web SDK has <c>dotnet run --project</c> go to the project's folder first, where none of the user's files is.
    /// </summary>
    public static IEnumerable<Offence> RunsElsewhere(ProjectFile project)
    {
        const string Property = "EnableDefaultRunWorkingDirectory";
        if (project.Sdk == "Microsoft.NET.Sdk.Web" && project.Property(Property) != "false")
            yield return new(project.Path, 0, $"has to set {Property} to false");
    }

    /// <summary>Trim and AOT analyzers look at all but what stands on Orleans or Azure.</summary>
    public static IEnumerable<Offence> WithoutAot(ProjectFile project)
    {
        const string Property = "IsAotCompatible";
        if (project.Property(Property) == "false" && !IsOrleans(project.Path))
            yield return new(project.Path, 0, $"may not set {Property} to false");
    }

    /// <summary>Gateway.sln holds every project; Local.slnf every one that needs no large package.</summary>
    public static IEnumerable<Offence> Solutions(IEnumerable<string> projects, string solution, string filter)
    {
        var all = projects.ToHashSet(StringComparer.Ordinal);
        var local = all
            .Where(path => !IsOrleans(path) && !NeedsBrowser.Contains(Path.GetFileNameWithoutExtension(path)))
            .ToHashSet(StringComparer.Ordinal);
        return Differences("Gateway.sln", all, SolutionProjects(solution))
            .Concat(Differences("Local.slnf", local, FilterProjects(filter)));
    }

    public static bool IsExtension(string path) => Repository.IsUnder(path, "src/extensions");

    /// <summary>Who names an extension, although it is deleted with its folder, its tests and its line.</summary>
    public static IEnumerable<Offence> NamedElsewhere(
        string extension, IEnumerable<(string Path, string Text)> files) =>
        from file in files
        where !Repository.IsUnder(file.Path, $"src/extensions/{extension}")
            && !Repository.IsUnder(file.Path, $"tests/{extension}.Tests")
            && Path.GetFileName(file.Path) != "Extensions.cs"
            && !MayName.Any(pair => pair.Extension == extension && Repository.IsUnder(file.Path, pair.Folder))
            && Regex.IsMatch(file.Text, $@"\b{Regex.Escape(extension)}(\.(?!Tests)|;)")
        select new Offence(file.Path, 0, $"names {extension}, which can be deleted");

    private static bool IsOrleans(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return NeedsOrleans.Any(prefix => name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal));
    }

    private static IEnumerable<Offence> Differences(string file, HashSet<string> expected, HashSet<string> found) =>
        expected.Except(found).Select(path => new Offence(file, 0, $"{path} is missing"))
            .Concat(found.Except(expected).Select(path => new Offence(file, 0, $"{path} does not belong")));

    private static HashSet<string> SolutionProjects(string solution) =>
        SolutionProject().Matches(solution).Select(match => match.Groups[1].Value.Replace('\\', '/'))
            .ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> FilterProjects(string filter)
    {
        using var document = JsonDocument.Parse(filter);
        return document.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray()
            .Select(path => path.GetString()!.Replace('\\', '/'))
            .ToHashSet(StringComparer.Ordinal);
    }

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex SolutionProject();
}
