using System.Diagnostics;
using System.Globalization;
using Gateway.Limits.Tests.Embedded;
using Xunit.Abstractions;

namespace Gateway.Limits.Tests.Crashing;

/// <summary>
/// A real process, killed at random moments and started again on the same journal. Ten rounds;
/// <c>GATEWAY_CRASH_ROUNDS</c> says how many else.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Max = 20_000;

    [Fact]
    public async Task Killed_at_any_moment_it_never_admits_more_than_the_maximum()
    {
        using var folder = new TemporaryFolder();
        var rounds = Setting("GATEWAY_CRASH_ROUNDS", 10);
        var seed = Setting("GATEWAY_CRASH_SEED", Environment.TickCount);
        var random = new Random(seed);
        var lines = new List<string>();
        for (var round = 0; round < rounds; round++) lines.AddRange(await RunAsync(folder.Path, random.Next(20, 400)));
        var killed = lines.Count;
        lines.AddRange(await RunAsync(folder.Path, killAfterLines: null));

        var parts = lines.Select(static line => line.Split(' ')).Where(static part => part.Length == 5).ToList();
        foreach (var window in parts.GroupBy(static part => part[0] + " " + part[1]))
        {
            var numbers = window.Select(static part => Int128.Parse(part[2], CultureInfo.InvariantCulture)).ToList();
            Assert.True(numbers.Count <= Max, $"seed {seed}: {numbers.Count} in {window.Key}");
            Assert.True(numbers.Count == numbers.Distinct().Count(), $"seed {seed}: a number twice in {window.Key}");
            Assert.All(window, static part => Assert.True(
                Int128.Parse(part[3], CultureInfo.InvariantCulture) <= Amount.FromUnits(Max).Nano));
        }

        Assert.All(parts.GroupBy(static part => part[0] + part[4]), call => Assert.Single(call));
        var daily = parts.Count(static part => part[0] == "daily");
        var blockMax = (Max / 4) + 1;
        output.WriteLine(
            $"seed {seed}: {rounds} kills, {killed / 2} calls before the last start, {daily} of {Max} admitted in all");
        Assert.True(daily >= Math.Min(Max, Max - (rounds * 3 * blockMax / 2)), $"seed {seed}: {daily} admitted");
    }

    /// <summary>Runs the child until so many lines came (it is then killed), or until it ends by itself.</summary>
    private static async Task<List<string>> RunAsync(string folder, int? killAfterLines)
    {
        var child = Path.Combine(AppContext.BaseDirectory, "Gateway.Limits.CrashChild.dll");
        var start = new ProcessStartInfo("dotnet", [child, folder, Max.ToString(CultureInfo.InvariantCulture), "8"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (lines.Count != killAfterLines) continue;
            process.Kill();
        }

        await process.WaitForExitAsync();
        return lines;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
