using System.Formats.Tar;

namespace Gateway.TestHarness.Gateways;

/// <summary>
/// Programs as an earlier commit builds them. Each is built once for a commit, below <c>artifacts/previous</c>.
/// </summary>
public static class PreviousBuild
{
    private static readonly string Folder = SourceTree.PathOf("artifacts", "previous");

    /// <summary>Returns the path of a program's assembly, and builds it first if no earlier run did.</summary>
    /// <param name="commit">The commit, such as <c>HEAD~1</c>.</param>
    /// <param name="project">The project, such as <c>Gateway.Server</c>.</param>
    /// <param name="assembly">The file name of its assembly.</param>
    public static async Task<string> ProgramAsync(string commit, string project, string assembly)
    {
        var id = (await RunAsync("git", "rev-parse", commit)).Trim();
        var kept = Path.Combine(Folder, $"{project}-{id}");
        if (!Directory.Exists(kept)) await BuildAsync(id, project, kept);
        return Path.Combine(kept, assembly);
    }

    private static async Task BuildAsync(string commit, string project, string kept)
    {
        foreach (var stale in Directory.Exists(Folder) ? Directory.GetDirectories(Folder, project + "-*") : [])
            Directory.Delete(stale, recursive: true);
        var source = Path.Combine(Folder, "source-" + project);
        if (Directory.Exists(source)) Directory.Delete(source, recursive: true);
        Directory.CreateDirectory(source);
        var archive = Path.Combine(source, "source.tar");
        await RunAsync("git", "archive", "--output", archive, commit);
        await TarFile.ExtractToDirectoryAsync(archive, source, overwriteFiles: false);
        await RunAsync(
            "dotnet", "build", Path.Combine(source, "src", "hosts", project), "-p:Optimize=true",
            "--verbosity", "quiet");
        // Moved as the last step: a build that was interrupted is not kept.
        Directory.Move(Path.Combine(source, "artifacts", "bin", project, "debug"), kept);
        Directory.Delete(source, recursive: true);
    }

    private static Task<string> RunAsync(string program, params string[] arguments) =>
        ToolRun.OutputOfAsync(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = SourceTree.Root,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        });
}
