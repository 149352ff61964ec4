namespace Gateway.TestHarness;

/// <summary>The source tree that these tests were built from.</summary>
public static class SourceTree
{
    /// <summary>The folder of <c>Gateway.sln</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>Returns a path below the root.</summary>
    public static string PathOf(params string[] names) => Path.Combine([Root, .. names]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No Gateway.sln above {AppContext.BaseDirectory}.");
    }
}
