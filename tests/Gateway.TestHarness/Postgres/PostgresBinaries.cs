namespace Gateway.TestHarness.Postgres;

/// <summary>The server's programs, in the folders that Debian and others use.</summary>
public static class PostgresBinaries
{
    public const string Missing = "needs PostgreSQL: install it, or set GATEWAY_TEST_POSTGRES to a connection string";

    private static readonly string[] Parents = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

    /// <summary>The folder of <c>initdb</c> and <c>pg_ctl</c>; null if there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Runs one of them to its end and returns its output.</summary>
    public static Task<string> RunAsync(string program, params string[] arguments)
    {
        var command = Command(program, arguments);
        return ToolRun.OutputOfAsync(
            new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Path.GetTempPath() });
    }

    /// <summary>Returns the command for one of them: by its path, as a user that it accepts.</summary>
    public static string[] Command(string program, params string[] arguments)
    {
        var path = Path.Combine(Folder ?? throw new InvalidOperationException(Missing), program);
        return Environment.UserName == "root"
            ? ["runuser", "-u", "postgres", "--", path, .. arguments]
            : [path, .. arguments];
    }

    private static string? Find()
    {
        var folders = Parents.Where(Directory.Exists)
            .SelectMany(parent => Directory.GetDirectories(parent))
            .OrderDescending(StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat(SearchPath.Folders);
        return folders.FirstOrDefault(folder => IsThere(folder, "initdb") && IsThere(folder, "pg_ctl"));
    }

    /// <summary>Returns true if the program exists. A broken link may be left over from a removed server.</summary>
    private static bool IsThere(string folder, string program)
    {
        var file = new FileInfo(Path.Combine(folder, program));
        return file.Exists && (file.ResolveLinkTarget(returnFinalTarget: true)?.Exists ?? true);
    }
}
