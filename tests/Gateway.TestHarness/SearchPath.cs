namespace Gateway.TestHarness;

/// <summary>Where this machine looks for programs.</summary>
public static class SearchPath
{
    public static IReadOnlyList<string> Folders { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a program of this file name is there.</summary>
    public static bool Has(string program) => Folders.Any(folder => File.Exists(Path.Combine(folder, program)));
}
