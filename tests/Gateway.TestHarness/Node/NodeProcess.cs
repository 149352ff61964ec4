namespace Gateway.TestHarness.Node;

/// <summary>A node process of the interop folder. Its standard input stays open until it is disposed.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NodeProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a script of the folder, or one at a full path, with its arguments.</summary>
    /// <exception cref="InvalidOperationException">Node or its packages are missing.</exception>
    public static NodeProcess Start(params string[] arguments)
    {
        if (NodePackages.Missing is { } reason) throw new InvalidOperationException(reason);
        var start = new ProcessStartInfo(NodePackages.Node, arguments)
        {
            WorkingDirectory = NodePackages.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The user's proxy settings must not apply between two processes of one machine.
        foreach (var name in start.Environment.Keys.Where(IsProxy).ToArray()) start.Environment.Remove(name);
        var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        return new NodeProcess(process);
    }

    /// <summary>Writes a line to its standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Returns the next line of output that is a JSON object.</summary>
    /// <exception cref="InvalidOperationException">
    /// The process ended without one; the message contains its output.
    /// </exception>
    public async Task<string> ReadJsonLineAsync(CancellationToken cancellationToken)
    {
        var other = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith('{')) return line;
            other.Add(line);
        }

        throw new InvalidOperationException($"{string.Join('\n', other)}\n{await _errors}");
    }

    /// <summary>Returns every line of output that is a JSON object, until the process ends.</summary>
    /// <exception cref="InvalidOperationException">
    /// The process ended with a failure; the message contains its output.
    /// </exception>
    public async Task<List<string>> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            lines.Add(line);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode == 0
            ? [.. lines.Where(line => line.StartsWith('{'))]
            : throw new InvalidOperationException($"{string.Join('\n', lines)}\n{await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static bool IsProxy(string name) => name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase);
}
