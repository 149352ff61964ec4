using System.Formats.Tar;

namespace Gateway.Cluster.Tests.Rolling;

/// <summary>
/// The <c>gateway-cluster</c> of the commit before the current one. It is built once for each commit, below
/// <c>artifacts/previous</c>.
/// </summary>
internal static class PreviousBuild
{
    private static readonly string Folder = SourceTree.PathOf("artifacts", "previous");

    /// <summary>Returns the path of its assembly, and builds it first if no earlier run did.</summary>
    public static async Task<string> ProgramAsync()
    {
        var commit = (await RunAsync("git", "rev-parse", "HEAD~1")).Trim();
        var kept = Path.Combine(Folder, commit);
        if (!Directory.Exists(kept)) await BuildAsync(commit, kept);
        return Path.Combine(kept, "gateway-cluster.dll");
    }

    private static async Task BuildAsync(string commit, string kept)
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        var source = Path.Combine(Folder, "source");
        Directory.CreateDirectory(source);
        var archive = Path.Combine(Folder, "source.tar");
        await RunAsync("git", "archive", "--output", archive, commit);
        await TarFile.ExtractToDirectoryAsync(archive, source, overwriteFiles: false);
        await RunAsync(
            "dotnet", "build", Path.Combine(source, "src", "hosts", "Gateway.Cluster"), "-p:Optimize=true",
            "--verbosity", "quiet");
        // Moved as the last step: a build that was interrupted is not kept.
        Directory.Move(Path.Combine(source, "artifacts", "bin", "Gateway.Cluster", "debug"), kept);
        Directory.Delete(source, recursive: true);
        File.Delete(archive);
    }

    private static Task<string> RunAsync(string program, params string[] arguments) =>
        ToolRun.OutputOfAsync(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = SourceTree.Root,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        });
}
