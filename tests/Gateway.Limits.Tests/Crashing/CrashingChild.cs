namespace Gateway.Limits.Tests.Crashing;

/// <summary>Starts the child again and again on one journal, and reads the journal in between.</summary>
internal sealed class CrashingChild(string folder, int max, int callers)
{
    private Int128 _reserved;

    /// <summary>It ends itself at the n-th passing of a fail point.</summary>
    public Task<CrashRound> RunToAsync(string failPoint, int times) => RunAsync(failPoint, times, null);

    /// <summary>It is killed when so many lines have come.</summary>
    public Task<CrashRound> RunUntilAsync(int lines) => RunAsync(null, 0, lines);

    /// <summary>It goes on until nothing more is admitted, and ends in good order.</summary>
    public Task<CrashRound> RunToTheEndAsync() => RunAsync(null, 0, null);

    private async Task<CrashRound> RunAsync(string? failPoint, int times, int? killAfterLines)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "Gateway.Limits.CrashChild.dll");
        string[] arguments = [dll, folder, Text(max), Text(callers), failPoint ?? "none", Text(times)];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var lines = new List<CrashLine>();
        var wasKilled = false;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(CrashLine.Parse(line));
            if (lines.Count != killAfterLines) continue;
            process.Kill();
            wasKilled = true;
        }

        await process.WaitForExitAsync();
        var before = _reserved;
        _reserved = ReadReserved();
        return new CrashRound
        {
            FailPoint = failPoint,
            WasKilled = wasKilled,
            ExitCode = process.ExitCode,
            Lines = lines,
            ReservedBefore = before,
            ReservedAfter = _reserved,
        };
    }

    private Int128 ReadReserved()
    {
        using var journal = new JournalFile(new DiskFolder(folder));
        var entries = journal.Read()?.Entries ?? new JournalIndex();
        return entries.SingleOrDefault(static entry => entry.Key.Counter == "daily").Value.Reserved;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
