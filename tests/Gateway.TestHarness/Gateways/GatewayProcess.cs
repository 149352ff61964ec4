namespace Gateway.TestHarness.Gateways;

/// <summary>
/// The real executable in a process of its own: what it promises of kill -9 and SIGTERM is only seen here.
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

    /// <summary>Where agents are served.</summary>
    public Uri Address => Addresses[0];

    /// <summary>
    /// Every address that is listened on, the operator's last; a rate limit service's comes after it.
    /// </summary>
    public List<Uri> Addresses { get; } = [];

    /// <summary>Its number, known after its end too: whoever watches a fleet may ask while it is replaced.</summary>
    public int Id { get; }

    /// <summary>True once it has ended.</summary>
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
    /// Waits until <see cref="Errors"/> has <paramref name="what"/>: what a process logs is read some time after it.
    /// </summary>
    public Task SaysAsync(string what) => Soon.UntilAsync(
        () => Errors.Contains(what, StringComparison.Ordinal), $"the gateway says \"{what}\"");

    /// <summary>Starts <c>gateway run</c> and returns once it says where it listens.</summary>
    public static Task<GatewayProcess> StartAsync(string config, string data, params string[] more) =>
        StartAsync(new GatewayPlace(), config, data, more);

    public static Task<GatewayProcess> StartAsync(
        string config, string data, IReadOnlyDictionary<string, string> environment, params string[] more) =>
        StartAsync(new GatewayPlace { Environment = environment }, config, data, more);

    /// <summary>The same at a place of its own.</summary>
    public static Task<GatewayProcess> StartAsync(
        GatewayPlace place, string config, string data, params string[] more) =>
        StartAsync(place, ["--config", config, "--data", data, .. more]);

    /// <summary>The same with all of its options but where it listens.</summary>
    public static Task<GatewayProcess> StartAsync(GatewayPlace place, IReadOnlyList<string> options) =>
        StartFrontendAsync(place, Programs.Gateway, ["run", .. options]);

    /// <summary>Starts a program of this product that serves agents, wherever it finds a free port.</summary>
    public static Task<GatewayProcess> StartFrontendAsync(
        GatewayPlace place, string program, IReadOnlyList<string> arguments) => StartProgramAsync(
        place,
        program,
        [.. arguments, "--listen", $"http://{place.Host}:0"],
        1 + arguments.Count(static one => one is "--admin-listen" or "--rls-listen" or "--acquire-listen"));

    /// <summary>Starts a program of this product and returns once it says where it listens.</summary>
    /// <param name="place">Where it runs.</param>
    /// <param name="program">The path of its assembly, or of an executable.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="addresses">How many addresses it says.</param>
    public static async Task<GatewayProcess> StartProgramAsync(
        GatewayPlace place, string program, IReadOnlyList<string> arguments, int addresses = 1)
    {
        string[] command = [.. place.Prefix, .. Programs.Command(program, arguments)];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What a server is asked in a test, the test asks; those about inventories say otherwise.
        start.Environment["GATEWAY_INVENTORY_EVERY"] = "0";
        foreach (var (name, value) in place.Environment)
            start.Environment[name] = value;
        var gateway = new GatewayProcess(Process.Start(start)!);
        gateway._process.ErrorDataReceived += gateway.OnError;
        gateway._process.BeginErrorReadLine();
        await gateway.ReadAddressesAsync(addresses);
        return gateway;
    }

    /// <summary>A client for the gateway's endpoint with a grant's token, by default the test grant's.</summary>
    public HttpClient Client(string token = TestTokens.Agent) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(Address, "/mcp/srv"),
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Bearer", token),
            Accept = { new("application/json"), new("text/event-stream") },
        },
    };

    /// <summary><c>kill -9</c>: no code of the process runs after this.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGHUP: read the configuration again.</summary>
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
            // What else it says is not looked at, but read: a full pipe would stop the process.
            _ = _process.StandardOutput.ReadToEndAsync();
            return;
        }

        // Its last words are there only once it has ended.
        await WaitForExitAsync();
        throw new InvalidOperationException($"The gateway did not start: {Errors}");
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
