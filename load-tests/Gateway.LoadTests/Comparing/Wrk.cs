using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.LoadTests.Generating;

namespace Gateway.LoadTests.Comparing;

/// <summary>
/// wrk, the load generator of a comparison. Its own cost is a few microseconds per call, so that it takes little from
/// the measured program on a small machine. It is a closed loop: its latencies compare contestants, and promise
/// nothing.
/// </summary>
internal sealed partial class Wrk(string program, string folder, string token)
{
    /// <summary>Sends for that long and reads the report.</summary>
    /// <exception cref="InvalidOperationException">Calls failed, or wrk's report cannot be read.</exception>
    public async Task<Round> RunAsync(Contestant contestant, int connections, TimeSpan duration)
    {
        var start = new ProcessStartInfo(program,
        [
            "--threads", "1", "--connections", $"{connections}", "--duration", $"{duration.TotalSeconds:0}s",
            "--latency", "--script", Script(contestant.Tool), $"http://127.0.0.1:{contestant.Port}/mcp/afip",
        ])
        { RedirectStandardOutput = true };
        var (before, kernelBefore) = (contestant.CpuTime(), contestant.KernelTime());
        using var wrk = Process.Start(start)!;
        var report = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var (cpu, kernel) = (contestant.CpuTime() - before, contestant.KernelTime() - kernelBefore);
        var calls = Calls().Match(report);
        if (report.Contains("Non-2xx", StringComparison.Ordinal) || !calls.Success)
            throw new InvalidOperationException($"{contestant.Name}: {report}");
        var count = Number(calls.Groups[1].Value);
        return new Round(
            Number(Rate().Match(report).Groups[1].Value),
            cpu.TotalMicroseconds / count,
            Microseconds(report, "50%"),
            Microseconds(report, "99%"))
        { KernelPerCall = kernel.TotalMicroseconds / count };
    }

    private string Script(string tool)
    {
        var path = Path.Combine(folder, $"{tool}.lua");
        var body = Encoding.ASCII.GetString(CallRequest.Body(tool));
        File.WriteAllText(path, $"""
            wrk.method = "POST"
            wrk.body = [[{body}]]
            wrk.headers["Content-Type"] = "application/json"
            wrk.headers["Accept"] = "application/json, text/event-stream"
            wrk.headers["MCP-Protocol-Version"] = "2025-06-18"
            wrk.headers["Authorization"] = "Bearer {token}"
            """);
        return path;
    }

    private static double Microseconds(string report, string percentile)
    {
        var match = Percentile().Matches(report).First(match => match.Groups[1].Value == percentile);
        return Number(match.Groups[2].Value) * match.Groups[3].Value switch { "us" => 1, "ms" => 1e3, _ => 1e6 };
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Calls();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(\d+%)\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Percentile();
}
