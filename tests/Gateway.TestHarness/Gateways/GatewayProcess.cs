namespace Gateway.TestHarness.Gateways;

/// <summary>
/// The real executable as a separate process. Only this shows that it keeps its promises about kill -9 and SIGTERM.
/// </summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private const string Announcement = " listens on ";
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private GatewayProcess(Process process)
    {
        _process = process;
        Id = process.Id;
    }

    /// <summary>The address for agents.</summary>
    public Uri Address => Addresses[0];

    /// <summary>
    /// Every address that it listens on: the operator's is last, except that a rate limit service's follows it.
    /// </summary>
    public List<Uri> Addresses { get; } = [];

    /// <summary>
    /// The process id. It stays known after the end, because a watcher of the fleet may read it during a replacement.
    /// </summary>
    public int Id { get; }

    /// <summary>True after the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>
    /// Waits until <see cref="Errors"/> contains <paramref name="what"/>. Log lines are read some time after they are
    /// written.
    /// </summary>
    public Task SaysAsync(string what) => Soon.UntilAsync(
        () => Errors.Contains(what, StringComparison.Ordinal), $"the gateway says \"{what}\"");

    /// <summary>Starts <c>gateway run</c> and returns as soon as it reports its addresses.</summary>
    public static Task<GatewayProcess> StartAsync(string config, string data, params string[] more) =>
        StartAsync(new GatewayPlace(), config, data, more);

    public static Task<GatewayProcess> StartAsync(
        string config, string data, IReadOnlyDictionary<string, string> environment, params string[] more) =>
        StartAsync(new GatewayPlace { Environment = environment }, config, data, more);

    /// <summary>Starts <c>gateway run</c> at a specific place.</summary>
    public static Task<GatewayProcess> StartAsync(
        GatewayPlace place, string config, string data, params string[] more) =>
        StartAsync(place, ["--config", config, "--data", data, .. more]);

    /// <summary>Starts <c>gateway run</c> with all of its options except the listen address.</summary>
    public static Task<GatewayProcess> StartAsync(GatewayPlace place, IReadOnlyList<string> options) =>
        StartFrontendAsync(place, Programs.Gateway, ["run", .. options]);

    /// <summary>Starts a program of this product that serves agents, on any free port.</summary>
    public static Task<GatewayProcess> StartFrontendAsync(
        GatewayPlace place, string program, IReadOnlyList<string> arguments) => StartProgramAsync(
        place,
        program,
        [.. arguments, "--listen", $"http://{place.Host}:0"],
        1 + arguments.Count(static one => one is "--admin-listen" or "--rls-listen" or "--acquire-listen"));

    /// <summary>Starts a program of this product and returns as soon as it reports its addresses.</summary>
    /// <param name="place">The place where it runs.</param>
    /// <param name="program">The path of its assembly, or of an executable.</param>
    /// <param name="arguments">The command-line arguments.</param>
    /// <param name="addresses">The number of addresses that it reports.</param>
    public static async Task<GatewayProcess> StartProgramAsync(
        GatewayPlace place, string program, IReadOnlyList<string> arguments, int addresses = 1)
    {
        string[] command = [.. place.Prefix, .. Programs.Command(program, arguments)];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Background inventories are off: in a test, only the test sends requests to a server. Tests of inventories
        // override this.
        start.Environment["GATEWAY_INVENTORY_EVERY"] = "0";
        foreach (var (name, value) in place.Environment)
            start.Environment[name] = value;
        var gateway = new GatewayProcess(Process.Start(start)!);
        gateway._process.ErrorDataReceived += gateway.OnError;
        gateway._process.BeginErrorReadLine();
        await gateway.ReadAddressesAsync(addresses);
        return gateway;
    }

    /// <summary>
    /// Returns a client for the gateway's endpoint with a grant's token, by default the test grant's.
    /// </summary>
    public HttpClient Client(string token = TestTokens.Agent) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(Address, "/mcp/srv"),
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Bearer", token),
            Accept = { new("application/json"), new("text/event-stream") },
        },
    };

    /// <summary>Sends <c>kill -9</c>: no code of the process runs after this.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGHUP, which makes it read the configuration again.</summary>
    public void HangUp() => Reach(Signals.HangUp(_process));

    public void Terminate() => Reach(Signals.Terminate(_process));

    public void Pause() => Reach(Signals.Pause(_process));

    public void Resume() => Reach(Signals.Resume(_process));

    public Task WaitForExitAsync() => _process.WaitForExitAsync().WaitAsync(Soon.AtMost);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task ReadAddressesAsync(int addresses)
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Soon.AtMost) is { } written)
        {
            var line = LogLine.TextOf(written);
            if (line.IndexOf(Announcement, StringComparison.Ordinal) is not (>= 0 and var at))
                continue;
            Addresses.Add(new Uri(line[(at + Announcement.Length)..]));
            if (Addresses.Count < addresses)
                continue;
            // The rest of the output is not examined but must be read, because a full pipe would block the process.
            _ = _process.StandardOutput.ReadToEndAsync();
            return;
        }

        // Its last output is complete only after it has ended.
        await WaitForExitAsync();
        throw new InvalidOperationException($"The gateway did not start (exit code {_process.ExitCode}): {Errors}");
    }

    private void Reach(bool isReached)
    {
        if (!isReached)
            throw new InvalidOperationException($"No signal reaches process {_process.Id}: {Errors}");
    }

    private void OnError(object sender, DataReceivedEventArgs line)
    {
        lock (_errors)
            _errors.AppendLine(line.Data);
    }
}
