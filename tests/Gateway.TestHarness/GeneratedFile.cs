namespace Gateway.TestHarness;

/// <summary>A comparison of generated files with their source in the code.</summary>
public static class GeneratedFile
{
    /// <summary>Asserts that a file matches its source; with GATEWAY_UPDATE=1, writes the file first.</summary>
    /// <param name="write">Returns the new content for the present content.</param>
    /// <param name="path">The path from the repository's root.</param>
    public static void AssertCurrent(Func<string, string> write, params string[] path)
    {
        ArgumentNullException.ThrowIfNull(write);
        var file = SourceTree.PathOf(path);
        var before = File.Exists(file) ? File.ReadAllText(file) : "";
        var now = write(before);
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1")
            File.WriteAllText(file, before = now);
        if (before != now)
            throw new InvalidOperationException($"{file} is outdated: run the test with GATEWAY_UPDATE=1.");
    }
}
