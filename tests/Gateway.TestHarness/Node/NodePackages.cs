namespace Gateway.TestHarness.Node;

/// <summary>The folders of the TypeScript clients and servers, and a check for missing parts.</summary>
public static class NodePackages
{
    /// <summary>The folder of the clients and an official server.</summary>
    public static string Folder { get; } = SourceTree.PathOf("tests", "interop");

    /// <summary>The server with every feature, which the conformance suite tests.</summary>
    public static string Fixture { get; } =
        SourceTree.PathOf("tests", "conformance", "fixture", "server.js");

    /// <summary>
    /// The node executable. One in the folder takes precedence over the machine's, which may be too old.
    /// </summary>
    public static string Node
    {
        get
        {
            var own = Path.Combine(Folder, "node_modules", "node", "bin", "node");
            return File.Exists(own) ? own : "node";
        }
    }

    /// <summary>The reason why tests that need node cannot run; null if they can.</summary>
    public static string? Missing { get; } = FindMissing();

    private static string? FindMissing()
    {
        if (Node == "node" && !SearchPath.Has("node") && !SearchPath.Has("node.exe"))
            return "node is not installed; install Node.js 20 or newer, then run npm ci in tests/interop";
        if (!Directory.Exists(Path.Combine(Folder, "node_modules"))) return "run npm ci in tests/interop";
        return Directory.Exists(SourceTree.PathOf("tests", "conformance", "node_modules"))
            ? null
            : "run npm ci in tests/conformance";
    }
}
