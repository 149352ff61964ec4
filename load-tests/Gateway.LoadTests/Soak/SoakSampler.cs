using System.Diagnostics;
using Gateway.LoadTests.Processes;

namespace Gateway.LoadTests.Soak;

/// <summary>
/// A sampler that observes a gateway from outside: its process in <c>/proc</c>, its files, its <c>/metrics</c>.
/// </summary>
internal sealed class SoakSampler(GatewayProcess gateway, string data) : IDisposable
{
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Process _self = Process.GetCurrentProcess();

    public async Task<SoakSample> LookAsync(TimeSpan since, CancellationToken cancellationToken)
    {
        var metrics = await MetricsAsync(cancellationToken);
        var (busy, stolen) = MachineSeconds();
        var audit = Files("audit").Select(static file => file.Name).Order(StringComparer.Ordinal).ToList();
        return new SoakSample
        {
            Seconds = since.TotalSeconds,
            MemoryBytes = gateway.MemoryBytes,
            HeapBytes = ScrapedText.Sum(metrics, "dotnet_gc_last_collection_heap_size_bytes"),
            Handles = Count("fd"),
            Threads = Count("task"),
            DiskBytes = Files("").Sum(Length),
            JournalBytes = Files("limits").Sum(Length),
            AuditFile = audit.FindLast(static name => name.EndsWith(".jsonl", StringComparison.Ordinal)) ?? "",
            CompressedFiles = audit.Count(static name => name.EndsWith(".gz", StringComparison.Ordinal)),
            PauseSeconds = ScrapedText.Sum(metrics, "dotnet_gc_pause_time_seconds_total"),
            SenderPauseSeconds = GC.GetTotalPauseDuration().TotalSeconds,
            OthersSeconds = busy - gateway.CpuTime.TotalSeconds - SelfSeconds(),
            StolenSeconds = stolen,
        };
    }

    public void Dispose()
    {
        _client.Dispose();
        _self.Dispose();
    }

    private async Task<string> MetricsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            using var question = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{gateway.Address}/metrics"));
            using var answer = await _client.SendAsync(question, patience.Token);
            return await answer.Content.ReadAsStringAsync(patience.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && e is HttpRequestException or OperationCanceledException)
        {
            // Without a response from the gateway, the sample still has the figures of the process.
            return "";
        }
    }

    private int Count(string what) => Directory.EnumerateFileSystemEntries($"/proc/{gateway.Id}/{what}").Count();

    private List<FileInfo> Files(string folder)
    {
        var place = new DirectoryInfo(Path.Combine(data, folder));
        return place.Exists ? [.. place.EnumerateFiles("*", SearchOption.AllDirectories)] : [];
    }

    // A file that was removed after it was listed takes no space.
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    // The first line of /proc/stat contains, in hundredths of a second: user, nice, system, idle, wait, two kinds of
    // interrupts, and the time that a virtual machine's host gave to others.
    private static (double Busy, double Stolen) MachineSeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long[] times =
            [.. fields.Skip(1).Take(8).Select(static field => long.Parse(field, CultureInfo.InvariantCulture))];
        const int Idle = 3;
        const int Wait = 4;
        var stolen = times[^1];
        return ((times.Sum() - times[Idle] - times[Wait] - stolen) / TicksPerSecond, stolen / TicksPerSecond);
    }

    private double SelfSeconds()
    {
        _self.Refresh();
        return _self.TotalProcessorTime.TotalSeconds;
    }
}
