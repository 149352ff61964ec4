using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Gateway.Postgres.Tests.Clusters;

/// <summary>A PostgreSQL server of a test's own, in a temporary folder on a free port; it may be stopped.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private const string Password = "a test's own: p@ss/word?";
    private const string Loopback = "127.0.0.1";

    private readonly string _folder;
    private readonly string _listen;
    private readonly Process _undertaker;

    private TestCluster(string folder, int port, string listen = Loopback)
    {
        _folder = folder;
        _listen = listen;
        Port = port;

        // A test host that is killed cleans nothing up: whoever waits for the end of this pipe does it in its place, in
        // a session of its own, as the whole group of processes may be killed.
        string[] wait = ["sh", "-c", "cat >/dev/null; cd /; \"$@\" >/dev/null 2>&1; rm -rf \"$0\"", folder];
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

    private string Backup => Path.Combine(_folder, "backup");

    private string Data => Path.Combine(_folder, "data");

    /// <param name="alsoOn">An address of this machine besides loopback; its /24 may connect.</param>
    public static async Task<TestCluster> StartNewAsync(string? alsoOn = null)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-postgres-").FullName;
        var cluster = new TestCluster(folder, FreePort(), alsoOn is null ? Loopback : $"{Loopback},{alsoOn}");
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (!OperatingSystem.IsWindows() && Environment.UserName == "root") Give(folder, passwordFile);
        await PostgresBinaries.RunAsync(
            "initdb", "-D", cluster.Data, "-U", "gateway", "-A", "scram-sha-256", "--pwfile", passwordFile,
            "-E", "UTF8", "--locale=C");
        if (alsoOn is not null)
            await File.AppendAllTextAsync(
                Path.Combine(cluster.Data, "pg_hba.conf"), $"host all all {alsoOn}/24 scram-sha-256\n");
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>Starts a replica of this server, which lags as it likes.</summary>
    public async Task<TestCluster> StartReplicaAsync()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-replica-").FullName;
        var replica = new TestCluster(folder, FreePort());
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (!OperatingSystem.IsWindows() && Environment.UserName == "root") Give(folder, passwordFile);
        await PostgresBinaries.RunAsync(
            "pg_basebackup", "-d", Url(), "-D", replica.Data, "-R", "-X", "stream", "-c", "fast");
        await replica.StartAsync();
        return replica;
    }

    /// <summary>Makes a replica the primary.</summary>
    public Task PromoteAsync() => PostgresBinaries.RunAsync("pg_ctl", "promote", "-w", "-D", Data);

    /// <summary>The address through this port and host: the server's own, or a proxy's.</summary>
    public string Url(int? port = null, string host = Loopback) =>
        $"postgres://gateway:{Uri.EscapeDataString(Password)}@{host}:{port ?? Port}/postgres?sslmode=disable";

    public Task StartAsync() => PostgresBinaries.RunAsync(
        "pg_ctl", "start", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(Data, "log"), "-o",
        $"-p {Port} -c listen_addresses={_listen} -c unix_socket_directories= -c max_connections=200");

    /// <param name="mode"><c>fast</c> ends sessions in order; <c>immediate</c> is a crash.</param>
    public Task StopAsync(string mode) =>
        PostgresBinaries.RunAsync("pg_ctl", "stop", "-w", "-t", "60", "-D", Data, "-m", mode);

    /// <summary>Copies all that it keeps, while it is stopped.</summary>
    public Task BackUpAsync() => CopyAsync(Data, Backup);

    /// <summary>Goes back to the copy, while it is stopped.</summary>
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
    }

    [UnsupportedOSPlatform("windows")]
    private static void Give(string folder, string passwordFile)
    {
        // The owner is root, and initdb makes the folder below: it needs no more than to write here and to read this.
        const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(folder, All);
        File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
