namespace Gateway.Server.Tests.Interop;

/// <summary>The folder of the TypeScript clients, and what of it this machine lacks.</summary>
internal static class NodePackages
{
    public static string Folder { get; } = FindFolder();

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
        return Directory.Exists(Path.Combine(Folder, "node_modules")) ? null : "run npm ci in tests/interop";
    }

    private static bool IsOnPath(string file) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, file)));

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
                return Path.Combine(folder.FullName, "tests", "interop");
        }

        throw new InvalidOperationException($"No Gateway.sln above {AppContext.BaseDirectory}.");
    }
}
