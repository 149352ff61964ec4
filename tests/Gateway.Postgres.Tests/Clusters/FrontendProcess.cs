namespace Gateway.Postgres.Tests.Clusters;

/// <summary>A process of the fleet as its test sees it.</summary>
internal sealed class FrontendProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private FrontendProcess(Process process, Action<string> onLine)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync(onLine);
    }

    /// <summary>Starts one and waits until it has opened its store.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="onLine">Called for each line that it writes, one at a time.</param>
    /// <param name="environment">Further variables.</param>
    public static async Task<FrontendProcess> StartAsync(
        FrontendOptions options, Action<string> onLine, params (string Name, string Value)[] environment)
    {
        string[] command = [typeof(FrontendProcess).Assembly.Location, "frontend", .. options.ToArguments()];
        var start = new ProcessStartInfo("dotnet", command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var frontend = new FrontendProcess(Process.Start(start)!, onLine);
        await Task.WhenAny(frontend._ready.Task, frontend._reading);
        if (!frontend._ready.Task.IsCompleted)
            throw new InvalidOperationException("The process ended: " + await frontend._errors);
        return frontend;
    }

    /// <summary>Tells one that measures that it has warmed up.</summary>
    public Task BeginAsync() => _process.StandardInput.WriteLineAsync("begin");

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _reading;
    }

    /// <summary>SIGSTOP.</summary>
    public void Pause() => Assert.True(Signals.Pause(_process));

    /// <summary>SIGCONT.</summary>
    public void Resume() => Assert.True(Signals.Resume(_process));

    /// <summary>Tells it to end and waits for its last line.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited) _process.StandardInput.Close();
        await _reading;
        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode is 0, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync(Action<string> onLine)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready") _ready.TrySetResult();
            else onLine(line);
        }
    }
}
