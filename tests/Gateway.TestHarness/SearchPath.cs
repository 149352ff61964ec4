namespace Gateway.TestHarness;

/// <summary>The folders in which this machine looks for programs.</summary>
public static class SearchPath
{
    public static IReadOnlyList<string> Folders { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns true if a program with this file name exists.</summary>
    public static bool Has(string program) => Folders.Any(folder => File.Exists(Path.Combine(folder, program)));
}
