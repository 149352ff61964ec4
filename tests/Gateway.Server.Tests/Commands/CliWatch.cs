namespace Gateway.Server.Tests.Commands;

/// <summary>A verb that goes on until Ctrl-C, in a process of its own.</summary>
internal sealed class CliWatch : IDisposable
{
    private readonly Process _process;

    public CliWatch(string folder, Uri gateway, string adminKey, params string[] arguments)
    {
        var command = Programs.Command(Programs.Gateway, arguments);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GATEWAY_URL"] = gateway.ToString();
        start.Environment["GATEWAY_ADMIN_KEY"] = adminKey;
        _process = Process.Start(start)!;
    }

    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Soon.AtMost);

    public Task<string?> ReadErrorAsync() => _process.StandardError.ReadLineAsync().WaitAsync(Soon.AtMost);

    /// <summary>Ctrl-C, as a terminal sends it.</summary>
    public async Task<int> InterruptAsync()
    {
        Assert.True(Signals.Interrupt(_process));
        await _process.WaitForExitAsync().WaitAsync(Soon.AtMost);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
