using System.Diagnostics;

namespace Gateway.LoadTests.Processes;

/// <summary>A process that serves something on this machine and ends with its scenario.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>The CPU time that it has used, user and system.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The part of it that the kernel used on its behalf.</summary>
    public TimeSpan KernelTime
    {
        get
        {
            _process.Refresh();
            return _process.PrivilegedProcessorTime;
        }
    }

    /// <summary>The resident memory now, in bytes.</summary>
    public long MemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static ServerProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var server = new ServerProcess(Process.Start(start)!);
        server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Returns the first line of output that contains this text.</summary>
    /// <exception cref="InvalidOperationException">
    /// The process ended before; the message contains its output.
    /// </exception>
    public async Task<string> LineAsync(string text, CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lines)
            {
                if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                    return found;
            }

            if (_process.HasExited)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {Printed()}");
            await Task.Delay(2, cancellationToken);
        }
    }

    /// <summary>Requests an orderly end (SIGTERM) and waits for it; kills the process after 30 s.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
            _ = Signals.Terminate(_process);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Ends it at once, as a crash does (SIGKILL).</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    public string Printed()
    {
        lock (_lines)
            return string.Join('\n', _lines.TakeLast(20));
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add(line);
    }
}
