namespace Gateway.Server.Tests.Telemetry;

/// <summary>
/// What an operator's Prometheus reads, and where. Each test has a process of its own: meters are the process's.
/// </summary>
public sealed class MetricsTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new("gateway-metrics-");
    private RecordingServer _server = null!;
    private GatewayProcess _gateway = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        var config = TestConfig.Write(_folder.Path, _server.Url, """
            { "version": "1", "default": "allow",
              "tools": {
                "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 2 } ] },
                "drop": { "action": "deny" } } }
            """);
        _gateway = await GatewayProcess.StartAsync(config, Path.Combine(_folder.Path, "data"));
        _client = _gateway.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Counts_each_call_once_by_its_outcome()
    {
        for (var i = 0; i < 3; i++)
            await CallAsync("pay");
        await CallAsync("drop");
        await PostAsync("[]");

        var lines = await LinesAsync("""gateway_edge_refusals_total{status="400"} 1""");

        Assert.Contains("""gateway_decisions_total{outcome="allowed",server="srv",tool="pay"} 2""", lines);
        Assert.Contains("""gateway_decisions_total{outcome="rate_limited",server="srv",tool="pay"} 1""", lines);
        Assert.Contains("""gateway_decisions_total{outcome="denied",server="srv",tool="drop"} 1""", lines);
        Assert.Equal(3, lines.Count(line => line.StartsWith("gateway_decisions_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Tells_how_far_the_counters_of_policies_are_used()
    {
        await CallAsync("pay");
        await LinesAsync(
            """gateway_counter_used_ratio{counter="pays",grant="agent",server="srv",window="month"} 0.5""");
        await CallAsync("pay");
        await CallAsync("pay");
        await LinesAsync(
            """gateway_counter_used_ratio{counter="pays",grant="agent",server="srv",window="month"} 1""");
    }

    [Fact]
    public async Task Tells_why_messages_were_refused_and_whose_they_were()
    {
        for (var i = 0; i < 3; i++)
            await CallAsync("pay");
        await CallAsync("drop");

        var lines = (await ScrapeAsync()).Split('\n');

        Assert.Contains("""gateway_grant_messages_total{grant="agent",outcome="allowed"} 2""", lines);
        Assert.Contains("""gateway_grant_messages_total{grant="agent",outcome="rate_limited"} 1""", lines);
        Assert.Contains("""gateway_grant_messages_total{grant="agent",outcome="denied"} 1""", lines);
        Assert.Contains("""gateway_grant_messages_total{grant="agent",outcome="approval_required"} 0""", lines);
        Assert.Contains("""gateway_refusals_total{reason="rate_limit"} 1""", lines);
        Assert.Contains("""gateway_refusals_total{reason="policy"} 1""", lines);
        Assert.Contains("""gateway_refusals_total{reason="engine_unavailable"} 0""", lines);
        Assert.Contains("""gateway_refusals_total{reason="audit_unavailable"} 0""", lines);
    }

    [Fact]
    public async Task Tells_how_a_server_answered()
    {
        await CallAsync("look");
        _server.Answer = static (http, _) => RecordingServer.JsonAsync(http, "{}", status: 503);
        await CallAsync("look");
        await _server.StopAsync();
        await CallAsync("look");

        var lines = await LinesAsync(
            """gateway_upstream_calls_total{outcome="answered",server="srv"} 1""",
            """gateway_upstream_calls_total{outcome="failed",server="srv"} 1""",
            """gateway_upstream_calls_total{outcome="unreachable",server="srv"} 1""");

        Assert.Contains("""gateway_upstream_calls_total{outcome="broken",server="srv"} 0""", lines);
        Assert.Contains("""gateway_upstream_duration_seconds_count{server="srv"} 2""", lines);
    }

    [Fact]
    public async Task Tells_whether_calls_are_decided_and_of_a_configuration_that_is_refused()
    {
        var good = (await ScrapeAsync()).Split('\n');
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "gateway.json"), "{");

        await Soon.UntilAsync(
            async () => (await ScrapeAsync()).Contains("\ngateway_config_valid 0\n", StringComparison.Ordinal),
            "the configuration is refused");

        Assert.Contains("gateway_ready 1", good);
        Assert.Contains("gateway_config_valid 1", good);
        Assert.Contains("""gateway_fault{cause="clock"} 0""", good);
        Assert.Contains("gateway_ready 1", (await ScrapeAsync()).Split('\n'));
    }

    [Fact]
    public async Task Tools_that_an_agent_makes_up_are_counted_together()
    {
        for (var i = 0; i < 510; i++)
            await CallAsync($"made_up_{i}");

        var lines = (await ScrapeAsync()).Split('\n');

        Assert.Single(lines, line => line.StartsWith("gateway_decisions_total{", StringComparison.Ordinal));
        Assert.Contains("""gateway_decisions_total{outcome="allowed",server="srv",tool="(other)"} 510""", lines);
    }

    [Fact]
    public async Task Shows_no_secret()
    {
        await PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{"password":"hunter2"}}}""");

        var text = await ScrapeAsync();

        Assert.DoesNotContain(TestTokens.Agent, text, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_a_family_for_everything_that_is_watched()
    {
        await CallAsync("pay");
        string[] families =
        [
            "gateway_decisions_total", "gateway_messages_total", "gateway_admission_duration_seconds_bucket",
            "gateway_call_duration_seconds_count", "gateway_calls_open", "gateway_streams_open",
            "gateway_requests_overdue",
            "gateway_audit_records_total", "gateway_audit_queued", "gateway_audit_lost_total",
            "gateway_audit_queue_limit", "gateway_approvals_open", "gateway_approvals_age_seconds",
            "gateway_approvals_waited_ratio",
            "gateway_control_age_seconds", "gateway_control_problems", "gateway_data_free_bytes",
            "gateway_data_size_bytes", "gateway_stdio_children_limit", "gateway_clock_ahead_seconds",
            "gateway_limits_reads_total", "gateway_limits_store_duration_seconds_bucket",
            "gateway_limits_counters", "gateway_limits_ready", "gateway_limits_writes_total",
            "gateway_limits_journal_size_bytes", "dotnet_gc_collections_total", "kestrel_active_connections",
        ];

        var text = await ScrapeAsync();

        Assert.All(families, family => Assert.Contains($"\n{family}", text, StringComparison.Ordinal));
    }

    [PromtoolFact]
    public async Task Passes_the_checker_of_prometheus()
    {
        await CallAsync("pay");
        var start = new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var promtool = Process.Start(start)!;
        await promtool.StandardInput.WriteAsync(await ScrapeAsync());
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();

        // The runtime's own names, as OpenTelemetry's conventions have them (dotnet.assembly.count): everybody's
        // dashboards of .NET ask for these three, so they are not renamed. "counter" is our word for what limits count.
        string[] excused = ["dotnet_assembly_count ", "dotnet_process_cpu_count ", "dotnet_timer_count "];
        Assert.All(said.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
        {
            if (line.StartsWith("gateway_counter_used_ratio metric name should not", StringComparison.Ordinal)) return;
            Assert.Contains(excused, name => line.StartsWith(name, StringComparison.Ordinal));
            Assert.EndsWith("should not have \"_count\" suffix", line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Answers_on_the_operators_address_only_where_there_is_one()
    {
        await using var second = await GatewayProcess.StartAsync(
            Path.Combine(_folder.Path, "gateway.json"), Path.Combine(_folder.Path, "second"), "--admin-listen",
                "http://127.0.0.1:0");

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(second.Addresses[0]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second.Addresses[1]));
    }

    /// <summary>All lines, once these are among them: some things are counted a moment after the answer.</summary>
    private async Task<string[]> LinesAsync(params string[] awaited)
    {
        string[] lines = [];
        await Soon.UntilAsync(
            async () => awaited.All((lines = (await ScrapeAsync()).Split('\n')).Contains),
            string.Join(", ", awaited));
        return lines;
    }

    private async Task<HttpStatusCode> StatusAsync(Uri address)
    {
        using var response = await _client.GetAsync(new Uri(address, "/metrics"));
        return response.StatusCode;
    }

    private Task<string> ScrapeAsync() => _client.GetStringAsync(new Uri(_gateway.Address, "/metrics"));

    private Task CallAsync(string tool) =>
        PostAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}"}}""");

    private async Task PostAsync(string body)
    {
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await _client.PostAsync("", content);
    }
}
