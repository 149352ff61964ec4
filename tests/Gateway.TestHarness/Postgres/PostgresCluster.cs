using System.Runtime.Versioning;

namespace Gateway.TestHarness.Postgres;

/// <summary>A PostgreSQL server for one test, in a temporary folder on a free port; the test may stop it.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Password = "a test's own: p@ss/word?";
    private const string Loopback = "127.0.0.1";

    private readonly TestFolder _folder;
    private readonly string _listen;
    private readonly Process _undertaker;

    private PostgresCluster(TestFolder folder, int port, string listen)
    {
        _folder = folder;
        _listen = listen;
        Port = port;

        // A killed test host cleans nothing up. This process waits for the end of the pipe and cleans up in its place.
        // It has its own session because the whole process group may be killed.
        string[] wait = ["sh", "-c", "cat >/dev/null; cd /; \"$@\" >/dev/null 2>&1; rm -rf \"$0\"", folder.Path];
        string[] command =
        [
            .. OperatingSystem.IsLinux() ? (string[])["setsid", "-w"] : [],
            .. wait,
            .. PostgresBinaries.Command("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data),
        ];
        _undertaker = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
        })!;
    }

    public int Port { get; }

    private string Backup => Path.Combine(_folder.Path, "backup");

    private string PasswordFile => Path.Combine(_folder.Path, "password");

    private string Data => Path.Combine(_folder.Path, "data");

    /// <param name="alsoOn">An additional address of this machine besides loopback; its /24 may connect.</param>
    public static async Task<PostgresCluster> StartNewAsync(string? alsoOn = null)
    {
        var cluster = await PrepareAsync(alsoOn is null ? Loopback : $"{Loopback},{alsoOn}");
        await PostgresBinaries.RunAsync(
            "initdb", "-D", cluster.Data, "-U", "gateway", "-A", "scram-sha-256", "--pwfile", cluster.PasswordFile,
            "-E", "UTF8", "--locale=C");
        if (alsoOn is not null)
            await File.AppendAllTextAsync(
                Path.Combine(cluster.Data, "pg_hba.conf"), $"host all all {alsoOn}/24 scram-sha-256\n");
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>Returns the single value of a statement's result, as text.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="url">Another database of this server; null for the one of <see cref="Url"/>.</param>
    public async Task<string> QueryAsync(string sql, string? url = null) => (await PostgresBinaries.RunAsync(
        "psql", "-XtA", "-v", "ON_ERROR_STOP=1", "-d", url ?? Url(), "-c", sql)).Trim();

    /// <summary>Starts an asynchronous replica of this server.</summary>
    public async Task<PostgresCluster> StartReplicaAsync()
    {
        var replica = await PrepareAsync(Loopback);
        await PostgresBinaries.RunAsync(
            "pg_basebackup", "-d", Url(), "-D", replica.Data, "-R", "-X", "stream", "-c", "fast");
        await replica.StartAsync();
        return replica;
    }

    /// <summary>Makes a replica the primary.</summary>
    public Task PromoteAsync() => PostgresBinaries.RunAsync("pg_ctl", "promote", "-w", "-D", Data);

    /// <summary>Returns the address through this port and host: the server's own, or a proxy's.</summary>
    public string Url(int? port = null, string host = Loopback) =>
        $"postgres://gateway:{Uri.EscapeDataString(Password)}@{host}:{port ?? Port}/postgres?sslmode=disable";

    public Task StartAsync() => PostgresBinaries.RunAsync(
        "pg_ctl", "start", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(Data, "log"), "-o",
        $"-p {Port} -c listen_addresses={_listen} -c unix_socket_directories= -c max_connections=200");

    /// <param name="mode"><c>fast</c> ends sessions in order; <c>immediate</c> is a crash.</param>
    public Task StopAsync(string mode) =>
        PostgresBinaries.RunAsync("pg_ctl", "stop", "-w", "-t", "60", "-D", Data, "-m", mode);

    /// <summary>Copies the data folder while the server is stopped.</summary>
    public Task BackUpAsync() => CopyAsync(Data, Backup);

    /// <summary>Restores the copy while the server is stopped.</summary>
    public async Task RestoreAsync()
    {
        Directory.Delete(Data, recursive: true);
        await CopyAsync(Backup, Data);
    }

    private static async Task CopyAsync(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", from, to]);
        await copy.WaitForExitAsync();
        if (copy.ExitCode != 0) throw new InvalidOperationException($"cp -a {from} {to} ended with {copy.ExitCode}");
    }

    public async ValueTask DisposeAsync()
    {
        _undertaker.StandardInput.Close();
        await _undertaker.WaitForExitAsync();
        _undertaker.Dispose();
        _folder.Dispose();
    }

    private static async Task<PostgresCluster> PrepareAsync(string listen)
    {
        var cluster = new PostgresCluster(new TestFolder("gateway-postgres-"), Ports.Free(), listen);
        await File.WriteAllTextAsync(cluster.PasswordFile, Password);
        if (!OperatingSystem.IsWindows() && Environment.UserName == "root") cluster.GiveToOwner();
        return cluster;
    }

    [UnsupportedOSPlatform("windows")]
    private void GiveToOwner()
    {
        // The owner is root, and initdb creates the folder below. It only needs to write here and read this.
        const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_folder.Path, All);
        File.SetUnixFileMode(PasswordFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
    }
}
