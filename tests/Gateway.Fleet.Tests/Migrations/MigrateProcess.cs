namespace Gateway.Fleet.Tests.Migrations;

/// <summary><c>gateway migrate</c> in a process of its own, which a test can stop at a line that it prints.</summary>
internal sealed class MigrateProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private MigrateProcess(Process process) =>
        (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    public static MigrateProcess Start(string folder, params string[] arguments)
    {
        var command = Programs.Command(Programs.Gateway, ["migrate", .. arguments]);
        return new MigrateProcess(Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Returns once it has printed a line that has this; false if it ended before.</summary>
    public async Task<bool> SaysAsync(string part)
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Soon.AtMost) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>Stands still until <see cref="Resume"/>.</summary>
    public void Pause() => Assert.True(Signals.Pause(_process));

    public void Resume() => Assert.True(Signals.Resume(_process));

    /// <summary><c>kill -9</c>, if it has not ended yet.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended well.</summary>
    public async Task CompleteAsync()
    {
        _ = _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync().WaitAsync(Soon.AtMost);
        Assert.True(_process.ExitCode == 0, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
