namespace Gateway.Cluster.Tests.Fleets;

/// <summary>One process of a fleet, started as an operator starts it.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    // Readiness is asked for again and again, so one request of it is short.
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(2) };
    private static readonly HttpClient Http = new() { Timeout = Soon.AtMost };

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentQueue<string> _plain = new();
    private volatile Uri? _address;
    private int _lines;

    private ClusterProcess(string name, int siloPort, ProcessStartInfo start)
    {
        (Name, SiloPort) = (name, siloPort);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public string Name { get; }

    /// <summary>Where other silos reach it, if it is one.</summary>
    public int SiloPort { get; }

    /// <summary>Where frontends reach it, if it is a silo.</summary>
    public int ClientPort { get; set; }

    /// <summary>Where it serves: a frontend its agents, a silo its operator.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException($"{Name} does not listen yet.");

    /// <summary>True once it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its memory, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Lines that it wrote and that are not JSON.</summary>
    public IReadOnlyCollection<string> PlainLines => _plain;

    /// <summary>How many lines it has written.</summary>
    public int Lines => Volatile.Read(ref _lines);

    /// <summary>What it logged last.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts it; it may take a while until it is ready.</summary>
    public static ClusterProcess Start(string name, string role, int siloPort, params string[] more) =>
        StartIn(null, null, [], name, role, siloPort, more);

    /// <summary>
    /// The same of another version, within so much memory, and with more in its environment. Null is this version, and
    /// the machine's memory.
    /// </summary>
    public static ClusterProcess StartIn(
        string? program, MemoryGroup? memory, IEnumerable<(string Name, string Value)> environment, string name,
        string role, int siloPort, params string[] more)
    {
        var command = Programs.Command(
            program ?? Programs.Cluster, ["--role", role, "--silo-port", $"{siloPort}", .. more]);
        if (memory is not null) command = memory.Command(command);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["POD_NAME"] = name },
        };
        start.Environment["GATEWAY_INVENTORY_EVERY"] = "0";
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        var started = new ClusterProcess(name, siloPort, start);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Waits until <c>/readyz</c> says so; false if the process ends before that.</summary>
    public async Task<bool> ReadyAsync()
    {
        using var patience = new CancellationTokenSource(StartPatience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        try
        {
            while (!HasEnded)
            {
                await timer.WaitForNextTickAsync(patience.Token);
                if (_address is not { } address) continue;
                if (await ReadinessAsync(address, patience.Token) == HttpStatusCode.OK) return true;
            }

            return false;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} did not get ready:\n{Log}");
        }
    }

    /// <summary>Whether it says that it is ready, at the address that it told last.</summary>
    public async Task<bool> IsReadyAsync() =>
        _address is { } address && await ReadinessAsync(address, default) == HttpStatusCode.OK;

    /// <summary>What it says at a path of its operator.</summary>
    public Task<string> GetAsync(string path) => Http.GetStringAsync(new Uri(Address, path));

    /// <summary>The same, whatever the status.</summary>
    public async Task<string> SayAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri(Address, path));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task StopAsync()
    {
        Assert.True(Signals.Terminate(_process));
        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode == 0, $"{Name} ended with {_process.ExitCode}:\n{Log}");
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        Assert.True(Signals.Kill(_process));
        await _process.WaitForExitAsync();
    }

    /// <summary>Holds it still until <see cref="Resume"/>.</summary>
    public void Pause() => Assert.True(Signals.Pause(_process));

    public void Resume() => Assert.True(Signals.Resume(_process));

    public async ValueTask DisposeAsync()
    {
        // It may end by itself at this very moment.
        if (!_process.HasExited) Signals.Kill(_process);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<HttpStatusCode> ReadinessAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(address, "/readyz"), cancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.ServiceUnavailable;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HttpStatusCode.RequestTimeout;
        }
    }

    private void Read(string? written)
    {
        Keep(written);
        var line = LogLine.TextOf(written ?? "");
        if (!(line.Contains(" listens on ") || line.Contains(" waits on "))) return;
        _address ??= new Uri(line[(line.LastIndexOf(' ') + 1)..]);
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        Interlocked.Increment(ref _lines);
        if (!line.StartsWith('{')) _plain.Enqueue(line);
        _log.Enqueue(LogLine.TextOf(line));
        if (_log.Count > 50) _log.TryDequeue(out _);
    }
}
