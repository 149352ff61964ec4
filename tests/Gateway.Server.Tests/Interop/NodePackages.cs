namespace Gateway.Server.Tests.Interop;

/// <summary>The folders of the TypeScript clients and servers, and what of them this machine lacks.</summary>
internal static class NodePackages
{
    /// <summary>The clients, and an official server.</summary>
    public static string Folder { get; } = FindFolder("interop");

    /// <summary>The server with every feature, which the conformance suite tests.</summary>
    public static string Fixture { get; } = Path.Combine(FindFolder("conformance"), "fixture", "server.js");

    /// <summary>The node to run: one that the folder brings beats the machine's, which may be too old.</summary>
    public static string Node
    {
        get
        {
            var own = Path.Combine(Folder, "node_modules", "node", "bin", "node");
            return File.Exists(own) ? own : "node";
        }
    }

    /// <summary>Why tests that need node cannot run; null where they can.</summary>
    public static string? Missing { get; } = FindMissing();

    private static string? FindMissing()
    {
        if (Node == "node" && !IsOnPath("node") && !IsOnPath("node.exe"))
            return "node is not installed; install Node.js 20 or newer, then run npm ci in tests/interop";
        if (!Directory.Exists(Path.Combine(Folder, "node_modules"))) return "run npm ci in tests/interop";
        return Directory.Exists(Path.Combine(FindFolder("conformance"), "node_modules"))
            ? null
            : "run npm ci in tests/conformance";
    }

    private static bool IsOnPath(string file) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, file)));

    private static string FindFolder(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
                return Path.Combine(folder.FullName, "tests", name);
        }

        throw new InvalidOperationException($"No Gateway.sln above {AppContext.BaseDirectory}.");
    }
}
