namespace Gateway.Server.Tests.Demo;

/// <summary>The command as a newcomer types it, in a process of its own.</summary>
public sealed class DemoCommandTests : IDisposable
{
    private const string ClosingLine = "10 admitted, 15 rate-limited, 1 denied";

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));
    private readonly TestFolder _temporary = new("gateway-demo-tests-");

    private readonly List<Process> _started = [];

    public void Dispose()
    {
        _deadline.Dispose();
        foreach (var process in _started)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _temporary.Dispose();
    }

    [Fact]
    public async Task Once_shows_the_numbers_and_leaves_nothing_behind()
    {
        var demo = Start("--once");
        var errors = demo.StandardError.ReadToEndAsync(_deadline.Token);

        var lines = (await demo.StandardOutput.ReadToEndAsync(_deadline.Token))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await demo.WaitForExitAsync(_deadline.Token);

        AssertEmpty(await errors);
        Assert.Equal(ClosingLine, lines[^1].TrimEnd());
        Assert.Equal(0, demo.ExitCode);
        Assert.Equal(10, lines.Count(line => line.Contains("  admitted  ", StringComparison.Ordinal)));
        Assert.Equal(15, lines.Count(line => line.Contains("  rate-limited  Policy vio", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.Contains("  denied        Policy violation: ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("pgw_", StringComparison.Ordinal));
        DemoPicture.AssertCurrent(lines);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temporary.Path));
    }

    [UnixFact]
    public async Task Otherwise_stays_up_until_it_is_interrupted()
    {
        var demo = Start();
        var demoErrors = demo.StandardError.ReadToEndAsync(_deadline.Token);
        var lines = new List<string>();
        while (await demo.StandardOutput.ReadLineAsync(_deadline.Token) is { } line)
        {
            lines.Add(line);
            if (line == ClosingLine) break;
        }

        Assert.Equal(ClosingLine, lines[^1]);
        Assert.Contains(lines, line => line.Contains("Authorization: Bearer pgw_", StringComparison.Ordinal));
        Assert.False(demo.HasExited);

        // A second one beside it: its port is taken by now, and replaced without a word in the log.
        var other = Start("--once");
        var otherErrors = other.StandardError.ReadToEndAsync(_deadline.Token);
        await other.StandardOutput.ReadToEndAsync(_deadline.Token);
        await other.WaitForExitAsync(_deadline.Token);
        AssertEmpty(await otherErrors);
        Assert.Equal(0, other.ExitCode);

        Assert.True(IsSigIntIgnored() ? Signals.Terminate(demo) : Signals.Interrupt(demo));
        await demo.StandardOutput.ReadToEndAsync(_deadline.Token);
        await demo.WaitForExitAsync(_deadline.Token);

        AssertEmpty(await demoErrors);
        Assert.Equal(0, demo.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temporary.Path));
    }

    // Whole, because an assertion of equality shows only the beginning of a line of the log.
    private static void AssertEmpty(string log) => Assert.True(log.Length == 0, log);

    // A shell's background job, and all that it starts, ignores SIGINT for good; there SIGTERM has to do.
    private static bool IsSigIntIgnored()
    {
        const string Status = "/proc/self/status";
        const string Ignored = "SigIgn:";
        if (!File.Exists(Status)) return false;
        var mask = File.ReadLines(Status).First(line => line.StartsWith(Ignored, StringComparison.Ordinal));
        return (Convert.ToUInt64(mask[Ignored.Length..].Trim(), 16) & 0b10) != 0;
    }

    private Process Start(params string[] arguments)
    {
        var command = Programs.Command(Programs.Gateway, ["demo", .. arguments]);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _temporary.Path,
        };
        start.Environment["TMPDIR"] = _temporary.Path;
        start.Environment["TEMP"] = _temporary.Path;
        start.Environment["TMP"] = _temporary.Path;
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }
}
