using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.LoadTests.Comparing;

namespace Gateway.LoadTests.RateLimits;

/// <summary>
/// The load of a comparison over HTTP/2: h2load, whose own cost is small beside what is measured. It sends one message
/// again and again.
/// </summary>
internal sealed partial class H2load(string program, string folder, byte[] body)
{
    private const int StreamsEach = 8;

    /// <summary>Sends for that long and reads the report.</summary>
    /// <param name="service">Whom it asks.</param>
    /// <param name="connections">Connections, each with some requests at once.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="perSecond">Requests a second in all; null: as many as it answers.</param>
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
