namespace Gateway.Fleet.Tests.Clocks;

/// <summary>A gateway over its journal, whose machine's clock is moved while it runs and between its starts.</summary>
public sealed class WrongClockTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse battery staple";
    private const string Expiring = "pgw_expiring_token_012345";

    // Far more calls than a test makes: what refuses is the clock.
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "free": { "action": "allow" },
          "refund": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" } },
          "brief": { "limits": [ { "counter": "brief", "window": "2s", "max": 1000 } ] } } }
        """;

    private readonly TestFolder _folder = new("gateway-clock-");
    private readonly MovableClock _clock;
    private RecordingServer _server = null!;
    private string _config = "";

    public WrongClockTests() => _clock = new MovableClock(_folder);

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        var expires = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O");
        _config = TestConfig.Write(_folder.Path, _server.Url, Policy, $$"""
            , "admin": { "key": "{{FleetBench.AdminKey}}" }
            """);
        var text = File.ReadAllText(_config).Replace("\"grants\": {", $$"""
            "grants": {
                "expiring": {
                  "server": "srv", "policy": "policy", "token": "{{Expiring}}", "expires": "{{expires}}"
                },
            """, StringComparison.Ordinal);
        File.WriteAllText(_config, text);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [FakeTimeFact]
    public async Task An_hour_back_for_8_s_and_right_again_needs_no_restart()
    {
        await using var gateway = await StartAsync();
        Assert.Equal(CallOutcome.Admitted, await CallAsync(gateway));
        _clock.Move("-3600");
        await PassAsync(gateway, seconds: 9);
        _clock.Move("+0");

        await ReadyAsync(gateway);
        Assert.Equal(CallOutcome.Admitted, await CallAsync(gateway));
    }

    [FakeTimeFact]
    public async Task An_hour_ahead_denies_what_is_limited_until_it_is_undone_or_accepted()
    {
        await using var gateway = await StartAsync();
        _clock.Move("+3600");
        await NotReadyAsync(gateway, "the clock of this node jumped forward. Correct the clock.");
        Assert.Equal(CallOutcome.Unavailable, await CallAsync(gateway));
        Assert.Equal(CallOutcome.Admitted, await CallAsync(gateway, "free"));
        _clock.Move("+0");
        await ReadyAsync(gateway);
        Assert.Equal(CallOutcome.Admitted, await CallAsync(gateway));

        _clock.Move("+3600");
        await NotReadyAsync(gateway, "jumped forward");
        var accepted = await AcceptAsync(gateway);
        Assert.Contains("because the clock of this node jumped forward", accepted.Output, StringComparison.Ordinal);
        await ReadyAsync(gateway);
        Assert.Equal(CallOutcome.Admitted, await CallAsync(gateway));
        var again = await AcceptAsync(gateway);
        Assert.Contains("Nothing was changed.", again.Output, StringComparison.Ordinal);
        var record = Assert.Single(
            Records(), static line => line.Contains("\"clock/gateway\"", StringComparison.Ordinal));
        Assert.Contains("\"kind\":\"change\"", record, StringComparison.Ordinal);
        Assert.Contains("\"action\":\"accept\"", record, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"the clock of this node jumped forward\"", record, StringComparison.Ordinal);
    }

    [FakeTimeFact]
    public async Task An_expired_grant_stays_expired_after_restarts_with_the_clock_set_back()
    {
        await using (var gateway = await StartAsync())
            Assert.Equal(CallOutcome.Admitted, await CallAsync(gateway, token: Expiring));
        _clock.Move("+7200");
        await using (var gateway = await StartAsync())
        {
            Assert.Equal(CallOutcome.Refused, await CallAsync(gateway, token: Expiring));
            Assert.Equal(CallOutcome.Admitted, await CallAsync(gateway));
            // Another grant had ended before the first start, so the document is there already.
            await StoredEndAsync("\"expiring\"", "the end of the grant is stored");
        }

        _clock.Move("+0");
        await using var back = await StartAsync();
        await NotReadyAsync(back, "the latest time stored before this start. Correct the clock.");
        Assert.Equal(CallOutcome.Unavailable, await CallAsync(back));
        Assert.Equal(CallOutcome.Refused, await CallAsync(back, token: Expiring));
        Assert.Equal(CallOutcome.Refused, await CallAsync(back, "free", Expiring));
        var status = await Cli(back).RunAsync("status");
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("gateway clock accept", status.Output, StringComparison.Ordinal);

        await AcceptAsync(back);
        await ReadyAsync(back);
        // Its counter has counted two hours later, and waits for that time or begins again.
        Assert.Equal(CallOutcome.Unavailable, await CallAsync(back));
        var reset = await Cli(back).RunAsync("counter", "reset", "agent@srv/brief/grant/fixed/2s/0");
        Assert.Equal((0, ""), (reset.ExitCode, reset.Errors));
        Assert.Equal(CallOutcome.Admitted, await CallAsync(back));
        Assert.Equal(CallOutcome.Refused, await CallAsync(back, token: Expiring));
        await back.KillAsync();
        await using var killed = await StartAsync();
        await ReadyAsync(killed);
        Assert.Equal(CallOutcome.Refused, await CallAsync(killed, token: Expiring));
    }

    [Trait("run", "full")]
    [FakeTimeFact]
    public async Task An_expired_operator_key_stays_expired_after_the_clock_was_set_back_and_accepted()
    {
        string key;
        await using (var gateway = await StartAsync())
        {
            await AddOperatorAsync(gateway);
            using var made = await new Operator(gateway).SendAsync(HttpMethod.Post, "operators/ana/keys", new JsonObject
            {
                ["name"] = "short",
                ["expires"] = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O"),
            });
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            key = (string)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["key"]!;
            Assert.Equal(HttpStatusCode.OK, await ListAsync(gateway, key));
        }

        _clock.Move("+7200");
        await using (var late = await StartAsync())
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await ListAsync(late, key));
            await StoredEndAsync("\"hashes\"", "the end of the key is stored");
        }

        _clock.Move("+0");
        await using var back = await StartAsync();
        await AcceptAsync(back);
        await ReadyAsync(back);
        Assert.Equal(HttpStatusCode.Unauthorized, await ListAsync(back, key));
    }

    [FakeTimeFact]
    public async Task A_start_31_days_later_needs_a_confirmation_and_one_29_days_later_none()
    {
        await using (var gateway = await StartAsync())
            await ReadyAsync(gateway);
        _clock.Move("+2505600");
        await using (var later = await StartAsync())
            await ReadyAsync(later);
        _clock.Move("+5184000");
        await using var month = await StartAsync();
        await NotReadyAsync(month, "more than 30 days after");
        Assert.Equal(CallOutcome.Unavailable, await CallAsync(month));
        await AcceptAsync(month);
        await ReadyAsync(month);
        Assert.Equal(CallOutcome.Admitted, await CallAsync(month));
    }

    [FakeTimeFact]
    public async Task A_time_file_that_cannot_be_read_is_named_and_needs_a_confirmation()
    {
        var file = Path.Combine(Data, "clock");
        await using (var gateway = await StartAsync())
            await Soon.UntilAsync(() => File.Exists(file), "the time is stored");
        File.WriteAllText(file, "yesterday");
        await using var again = await StartAsync();
        await NotReadyAsync(again, $"the stored time of this node cannot be read ({file} does not contain a time");
        await AcceptAsync(again);
        await ReadyAsync(again);
    }

    [FakeTimeFact]
    public async Task An_approval_lives_no_longer_because_the_clock_moved_back()
    {
        string asked, approved;
        _clock.Move("+3600");
        await using (var ahead = await StartAsync())
        {
            await CallAsync(ahead, "refund", arguments: """{"amount":1}""");
            approved = await new Operator(ahead).OpenRequestAsync();
            Assert.Equal(HttpStatusCode.OK, await new Operator(ahead).ApproveAsync(approved));
            await CallAsync(ahead, "refund", arguments: """{"amount":2}""");
            asked = await new Operator(ahead).OpenRequestAsync();
        }

        _clock.Move("+0");
        await using var back = await StartAsync();
        await AcceptAsync(back);
        await ReadyAsync(back);
        Assert.NotEqual(HttpStatusCode.OK, await new Operator(back).ApproveAsync(asked));
        Assert.Equal(CallOutcome.Refused, await CallAsync(back, "refund", arguments: """{"amount":1}"""));
        Assert.Empty(_server.Requests);
        Assert.NotEqual(approved, await new Operator(back).OpenRequestAsync());
    }

    [Trait("run", "full")]
    [FakeTimeFact]
    public async Task A_session_lives_no_longer_because_the_clock_moved_back()
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, CookieContainer = new CookieContainer() };
        await using (var gateway = await StartAsync())
            await AddOperatorAsync(gateway);

        // Signed in by a clock that is ahead, and one that is over by a clock that is ahead still more.
        _clock.Move("+3600");
        await using (var ahead = await StartAsync())
            await SignInAsync(ahead, handler);
        _clock.Move("+0");
        await using (var back = await StartAsync())
        {
            Assert.Equal(200, await SessionAsync(back, handler));
            await AcceptAsync(back);
            Assert.Equal(401, await SessionAsync(back, handler));
            await SignInAsync(back, handler);
            Assert.Equal(200, await SessionAsync(back, handler));
        }

        _clock.Move("+50400");
        await using (var late = await StartAsync())
        {
            Assert.Equal(401, await SessionAsync(late, handler));
            await GoneAsync("sessions");
        }

        _clock.Move("+0");
        await using var again = await StartAsync();
        Assert.Equal(401, await SessionAsync(again, handler));
        await AcceptAsync(again);
        Assert.Equal(401, await SessionAsync(again, handler));
    }

    private static async Task AddOperatorAsync(GatewayProcess gateway)
    {
        using var added = await new Operator(gateway).SendAsync(HttpMethod.Post, "operators", new JsonObject
        {
            ["name"] = "ana",
            ["password"] = Password,
            ["roles"] = new JsonArray("admin"),
        });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
    }

    private string Data => Path.Combine(_folder.Path, "data");

    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(
        new GatewayPlace { Environment = _clock.Environment.ToDictionary(one => one.Name, one => one.Value) },
        _config, Data, "--linger", "0");

    private static async Task<CallOutcome> CallAsync(
        GatewayProcess gateway, string tool = "brief", string token = TestTokens.Agent, string arguments = "{}")
    {
        using var client = gateway.Client(token);
        return await new Agent(client, tool, new CallHistory("clock"), arguments).CallAsync();
    }

    private Cli Cli(GatewayProcess gateway) => new(_folder.Path, gateway.Address, FleetBench.AdminKey);

    private async Task<CliRun> AcceptAsync(GatewayProcess gateway)
    {
        var run = await Cli(gateway).RunAsync("clock", "accept");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run;
    }

    private static async Task<(HttpStatusCode Status, string Text)> ReadinessAsync(GatewayProcess gateway)
    {
        using var client = gateway.Client();
        using var response = await client.GetAsync(new Uri(gateway.Address, "/readyz"));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static Task ReadyAsync(GatewayProcess gateway) => Soon.UntilAsync(
        async () => (await ReadinessAsync(gateway)).Status == HttpStatusCode.OK, "the gateway is ready");

    private static Task NotReadyAsync(GatewayProcess gateway, string why) => Soon.UntilAsync(
        async () => await ReadinessAsync(gateway) is (HttpStatusCode.ServiceUnavailable, var text)
            && text.Contains(why, StringComparison.Ordinal), $"the gateway is not ready: {why}");

    /// <summary>Lets time pass while calls keep the gateway's clock going.</summary>
    private static async Task PassAsync(GatewayProcess gateway, int seconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var i = 0; i < seconds; i++)
        {
            await CallAsync(gateway);
            await timer.WaitForNextTickAsync();
        }
    }

    private Task StoredEndAsync(string text, string what) => Soon.UntilAsync(
        () => Documents("ended").Any(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal)), what);

    private static async Task<HttpStatusCode> ListAsync(GatewayProcess gateway, string key)
    {
        using var client = gateway.Client(key);
        using var response = await client.GetAsync(new Uri(gateway.Address, "/api/v1/grants"));
        return response.StatusCode;
    }

    private Task GoneAsync(string kind) => Soon.UntilAsync(() => Documents(kind).Length == 0, $"{kind} are gone");

    private string[] Documents(string kind)
    {
        var folder = Path.Combine(Data, "control", kind);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
    }

    private List<string> Records() =>
    [
        .. Directory.GetFiles(Path.Combine(Data, "audit"), "audit-*.jsonl").SelectMany(ReadLines),
    ];

    private static string[] ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n');
    }

    private static async Task SignInAsync(GatewayProcess gateway, SocketsHttpHandler handler)
    {
        var browser = new OperatorBrowser(gateway.Address, handler);
        Assert.Equal(201, (await browser.SignInAsync("ana", Password)).Status);
    }

    private static async Task<int> SessionAsync(GatewayProcess gateway, SocketsHttpHandler handler) =>
        (await new OperatorBrowser(gateway.Address, handler).SendAsync("GET", "session")).Status;
}
