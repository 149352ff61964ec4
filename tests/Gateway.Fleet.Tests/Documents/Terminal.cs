namespace Gateway.Fleet.Tests.Documents;

/// <summary>A shell that an operator types into, whose days can pass; what it started ends with it.</summary>
internal sealed partial class Terminal : IAsyncDisposable
{
    private const string EndOfCommand = "@@end-of-command@@";
    private static readonly TimeSpan AtMost = TimeSpan.FromMinutes(1);
    private readonly Process _shell;

    private Terminal(Process shell) => _shell = shell;

    /// <summary>Starts one in a folder, where <c>gateway</c> is the product's executable.</summary>
    public static Terminal Start(string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("setsid", ["bash", "--noprofile", "--norc"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["NO_COLOR"] = "1";
        var shell = new Terminal(Process.Start(start)!);
        shell.Type("exec 2>&1");
        shell.Type($"export PATH='{Install(folder)}':$PATH");
        return shell;
    }

    /// <summary>Processes that start from now on see this instant as now.</summary>
    public void Reach(DateTimeOffset now)
    {
        var seconds = (now - TimeProvider.System.GetUtcNow()).TotalSeconds;
        foreach (var (name, value) in FakeTime.Shift(seconds.ToString("+0;-0", null)))
            Type($"export {name}='{value}'");
    }

    /// <summary>Types a command and gives what it printed before the next prompt.</summary>
    public async Task<string> RunAsync(string command)
    {
        Type(command);
        Type($"printf '\\n%s\\n' {EndOfCommand}");
        var printed = new StringBuilder();
        using var late = new CancellationTokenSource(AtMost);
        try
        {
            while (await _shell.StandardOutput.ReadLineAsync(late.Token) is { } line)
            {
                if (line == EndOfCommand)
                    return printed.ToString();
                if (!JobNotice().IsMatch(line))
                    printed.Append(line).Append('\n');
            }
        }
        catch (OperationCanceledException)
        {
            // What was printed until then says why.
        }

        throw new InvalidOperationException($"No end within {AtMost}: $ {command}\n{printed}");
    }

    public async ValueTask DisposeAsync()
    {
        // It leads a session of its own, so that this ends what it left running and nothing else.
        using var kill = Process.Start("kill", ["-KILL", "--", $"-{_shell.Id}"]);
        await kill.WaitForExitAsync();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    // A file of its own and no function, so that what the shell signals is the gateway and no shell around it.
    private static string Install(string folder)
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        var path = Path.Combine(bin, "gateway");
        File.WriteAllText(path, $"#!/bin/sh\nexec '{string.Join("' '", Programs.Command(Programs.Gateway))}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return bin;
    }

    // The shell reports a killed job when it notices it, with whichever command runs then.
    [GeneratedRegex(@"^bash: line \d+: +\d+ Killed ")]
    private static partial Regex JobNotice();

    private void Type(string line) => _shell.StandardInput.WriteLine(line);
}
