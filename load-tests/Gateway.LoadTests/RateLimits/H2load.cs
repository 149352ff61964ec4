using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.LoadTests.Comparing;

namespace Gateway.LoadTests.RateLimits;

/// <summary>
/// h2load, the load generator of a comparison over HTTP/2. Its own cost is small compared with the measured program. It
/// sends one message repeatedly.
/// </summary>
internal sealed partial class H2load(string program, string folder, byte[] body)
{
    private const int StreamsEach = 8;

    /// <summary>Sends for that long and reads the report.</summary>
    /// <param name="service">The service that receives the requests.</param>
    /// <param name="connections">The number of connections, each with several concurrent requests.</param>
    /// <param name="duration">The duration.</param>
    /// <param name="perSecond">The total requests per second; null for as many as the service can process.</param>
    /// <exception cref="InvalidOperationException">Requests failed, or the report cannot be read.</exception>
    public async Task<(Round Round, long Requests)> RunAsync(
        LimitService service, int connections, TimeSpan duration, double? perSecond = null)
    {
        var (data, log) = (Path.Combine(folder, "request.bin"), Path.Combine(folder, "h2load.log"));
        await File.WriteAllBytesAsync(data, body);
        File.Delete(log);
        string[] pace = perSecond is { } all
            ? ["--rps", Math.Max(1, all / connections).ToString("0", CultureInfo.InvariantCulture)]
            : [];
        var start = new ProcessStartInfo(program,
        [
            "--threads", "1", "--clients", $"{connections}", "--max-concurrent-streams", $"{StreamsEach}",
            "--duration", $"{duration.TotalSeconds:0}", "--data", data, "--log-file", log,
            "--header", "content-type: application/grpc", "--header", "te: trailers", .. pace,
            new Uri(service.Address, LimitService.Decide).AbsoluteUri,
        ])
        { RedirectStandardOutput = true };
        var before = service.CpuTime();
        using var h2load = Process.Start(start)!;
        var report = await h2load.StandardOutput.ReadToEndAsync();
        await h2load.WaitForExitAsync();
        var cpu = service.CpuTime() - before;
        var ended = Requests().Match(report);
        if (!ended.Success || ended.Groups["failed"].Value != "0")
            throw new InvalidOperationException($"{service.Name}: {report}");
        double[] took = [.. File.ReadLines(log).Select(static line => double.Parse(
            line.AsSpan(line.LastIndexOf('\t') + 1), CultureInfo.InvariantCulture)).Order()];
        var requests = long.Parse(ended.Groups["done"].Value, CultureInfo.InvariantCulture);
        var round = new Round(
            requests / duration.TotalSeconds, cpu.TotalMicroseconds / requests, took[took.Length / 2],
            took[(int)(took.Length * 0.99)]);
        return (round, requests);
    }

    [GeneratedRegex(@"(?<done>\d+) succeeded, (?<failed>\d+) failed")]
    private static partial Regex Requests();
}
