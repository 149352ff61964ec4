using System.Diagnostics;

namespace Gateway.LoadTests.Processes;

/// <summary>The programs that a run needs.</summary>
internal static class Tools
{
    // Server programs are often not on a user's path.
    private static readonly string[] Folders =
    [
        .. SearchPath.Folders, "/usr/sbin", "/usr/local/sbin",
    ];

    /// <summary>Returns the path of a program; null if this machine lacks it.</summary>
    public static string? Find(string program) =>
        Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Returns the gateway of a Release build, beside this program's own output.</summary>
    /// <exception cref="FileNotFoundException">It has not been built; the message explains how to build it.</exception>
    public static string Gateway(string? given)
    {
        var built = given ?? Built("Gateway.Server", "gateway");
        return File.Exists(built) ? built : throw new FileNotFoundException(
            $"{built} is not there; build it with: dotnet build src/hosts/Gateway.Server -c Release");
    }

    /// <summary>
    /// Returns the proxy that only forwards, of <c>BARE_PROXY</c> or of a Release build; null if it is not built.
    /// </summary>
    public static string? BareProxy()
    {
        var built = Environment.GetEnvironmentVariable("BARE_PROXY") ?? Built("Gateway.BareProxy", "bare-proxy");
        return File.Exists(built) ? built : null;
    }

    /// <summary>Runs a program to its end, and returns its output.</summary>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var printed = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return printed;
    }

    private static string Built(string project, string program) => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", project, "release", program));
}
