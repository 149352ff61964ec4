namespace Gateway.Tidy.Tests.Architecture;

/// <summary>
/// Tests mirror the code: what tests a type stands in the folder of that type's name. Two kinds of tests have no such
/// type. A suite holds many types against one thing, and its folder is called after that thing. The tests of a host
/// start whole programs; their folders are what a user does with one.
/// </summary>
internal static class MirrorRules
{
    /// <summary>Test projects named after a folder of a project, or by a part of its name.</summary>
    private static readonly Dictionary<string, string> ShortNames = new()
    {
        ["Gateway.Postgres"] = "Gateway.Storage.Postgres",
        ["Gateway.Azure"] = "Gateway.Storage.Azure",
        ["Gateway.Approvals"] = "Gateway.Proxy.Approvals",
        ["Gateway.Upstreams"] = "Gateway.Proxy.Upstreams",
        ["Gateway.Console"] = "Gateway.Admin.Console",
        ["Gateway.Usage"] = "Gateway.Control.Usage",
    };

    /// <summary>What a suite is called.</summary>
    public static readonly string[] Suites =
    [
        "Checking", // a model checker goes through every state
        "Clusters", // several processes, silos or databases at once
        "Conformance", // what every implementation of a seam has to do
        "Costs", // how much work, how many writes a thing may take
        "Crashing", // processes that are killed
        "Fuzzing", // hostile bytes
        "Oracle", // a plain second version that must agree
        "Simulation", // a world with a clock, a network and a store of its own
    ];

    /// <summary>Folders of tests that the code does not have, and tests of a type in another folder than its.</summary>
    /// <param name="sources">All sources.</param>
    public static IEnumerable<Offence> Check(IEnumerable<SourceFile> sources)
    {
        var files = sources.ToArray();
        var types = files.Where(file => Repository.IsUnder(file.Path, "src")).SelectMany(DeclaredType.Of).ToArray();
        var folders = types.Select(type => type.Namespace).ToHashSet(StringComparer.Ordinal);
        var homes = types.ToLookup(type => type.Name, type => type.Namespace);
        var programs = files.Where(file => Repository.IsUnder(file.Path, "src/hosts"))
            .Select(file => file.Path.Split('/')).Where(parts => parts is [.., "Program.cs"])
            .Select(parts => parts[^2]).ToArray();
        return from file in files
               where Repository.IsUnder(file.Path, "tests")
               let parts = file.Path.Split('/')
               where parts[1].EndsWith(".Tests", StringComparison.Ordinal)
               let project = parts[1][..^".Tests".Length]
               let root = ShortNames.GetValueOrDefault(project, project)
               where folders.Any(folder => folder == root || IsBelow(folder, root))
               let isSuite = Suites.Contains(parts[2]) || programs.Contains(root)
               let mirrored = string.Join('.', [root, .. parts[2..^1]])
               let own = homes[Subject(parts[^1])].Where(home => IsBelow(home + ".", root)).ToArray()
               let problem = own.Length > 0 && !own.Contains(mirrored)
                   ? $"tests a type of {own[0]}, and stands elsewhere"
                   : mirrored != root && !folders.Contains(mirrored) && !isSuite
                   ? $"{mirrored} is no folder of the code, and no kind of suite"
                   : null
               where problem is not null
               select new Offence(file.Path, 0, problem);
    }

    private static string Subject(string file) =>
        file.EndsWith("Tests.cs", StringComparison.Ordinal) ? file[..^"Tests.cs".Length] : "";

    private static bool IsBelow(string name, string root) => name.StartsWith(root + ".", StringComparison.Ordinal);
}
