namespace Gateway.AuditSinks.Tests;

/// <summary>A real rsyslogd that takes messages over TLS and writes each one's text as a line.</summary>
internal sealed class Rsyslogd : IAsyncDisposable
{
    private readonly string _folder;
    private Process? _process;

    private Rsyslogd(string folder, int port) => (_folder, Port) = (folder, port);

    /// <summary>Where the program is; null where it is not installed.</summary>
    public static string? Program { get; } =
        SearchPath.Folders.Append("/usr/sbin").Select(static folder => Path.Combine(folder, "rsyslogd"))
            .FirstOrDefault(File.Exists);

    public int Port { get; }

    private string Written => Path.Combine(_folder, "written");

    public static async Task<Rsyslogd> StartAsync(string folder, TestCertificate certificate)
    {
        var daemon = new Rsyslogd(folder, Ports.Free());
        await File.WriteAllTextAsync(Path.Combine(folder, "rsyslog.conf"), $"""
            global(workDirectory="{folder}" maxMessageSize="256k"
                   defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="{certificate.Certificate}"
                   defaultNetstreamDriverCertFile="{certificate.Certificate}"
                   defaultNetstreamDriverKeyFile="{certificate.Key}")
            module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
            template(name="text" type="string" string="%msg%\n")
            input(type="imtcp" address="127.0.0.1" port="{daemon.Port}" ruleset="records")
            ruleset(name="records") [
                action(type="omfile" file="{daemon.Written}" template="text")
            ]
            """.Replace('[', '{').Replace(']', '}'));
        await daemon.RestartAsync();
        return daemon;
    }

    public async Task RestartAsync()
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-n", "-f", Path.Combine(_folder, "rsyslog.conf"), "-i", "NONE"])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Soon.UntilAsync(async () =>
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync("127.0.0.1", Port);
                return true;
            }
            catch (SocketException)
            {
                return _process.HasExited ? throw new InvalidOperationException("rsyslogd ended") : false;
            }
        }, "rsyslogd listens");
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>What it has written by now, whole lines only.</summary>
    public IReadOnlyList<string> Lines() =>
        File.Exists(Written) ? [.. File.ReadAllText(Written).Split('\n')[..^1].Select(static one => one.Trim())] : [];

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
    }
}
