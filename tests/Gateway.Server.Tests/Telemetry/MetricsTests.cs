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
    public async Task Reports_the_usage_of_policy_counters()
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
    public async Task Reports_refusals_by_reason_and_grant()
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
    public async Task Reports_the_outcome_of_server_responses()
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
    public async Task Reports_readiness_and_a_refused_configuration()
    {
        var good = (await ScrapeAsync()).Split('\n');
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "gateway.json"), "{");

        await Soon.UntilAsync(
            async () => (await ScrapeAsync()).Contains("\ngateway_config_valid{} 0\n", StringComparison.Ordinal),
            "the configuration is refused");

        Assert.Contains("gateway_ready{} 1", good);
        Assert.Contains("gateway_config_valid{} 1", good);
        Assert.Contains("""gateway_fault{cause="clock"} 0""", good);
        Assert.Contains("gateway_ready{} 1", (await ScrapeAsync()).Split('\n'));
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

    /// <summary>
    /// Dashboards and alerts depend on these. <c>GATEWAY_UPDATE=1</c> writes the list; with <c>GATEWAY_PROGRAM</c> it
    /// is that of an earlier release.
    /// </summary>
    [Fact]
    public async Task Families_types_and_labels_equal_those_of_the_release_before_in_both_formats()
    {
        await CallAsync("pay");
        await CallAsync("drop");
        await LinesAsync("""gateway_upstream_calls_total{outcome="answered",server="srv"} 1""");
        var file = Path.Combine(SourceTree.Root, "tests/Gateway.Server.Tests/Telemetry/families.txt");
        var text = MetricFamilies.Of(await ScrapeAsync());
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1")
            await File.WriteAllLinesAsync(file, text);
        var expected = await File.ReadAllLinesAsync(file);

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.Address, "/metrics"));
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0");
        using var response = await _client.SendAsync(request);
        var open = await response.Content.ReadAsStringAsync();

        Assert.Equal(expected, text);
        Assert.Equal("application/openmetrics-text", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(expected, MetricFamilies.Of(open));
        Assert.Empty(MetricFamilies.WrongUnits(open));
    }

    /// <summary>The trace of a slow call is one click away from its bucket.</summary>
    [Fact]
    public async Task Buckets_of_latency_name_a_trace_where_spans_are_exported()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        await using var exporting = await GatewayProcess.StartAsync(
            Path.Combine(_folder.Path, "gateway.json"), Path.Combine(_folder.Path, "exporting"),
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" });
        using var client = exporting.Client();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        using var content = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""",
            new MediaTypeHeaderValue("application/json"));
        using var call = await client.PostAsync("", content);

        foreach (var family in (string[])["gateway_admission", "gateway_call", "gateway_upstream"])
        {
            await Soon.UntilAsync(
                async () => (await OpenMetricsAsync()).Split('\n').Any(line =>
                    line.StartsWith($"{family}_duration_seconds_bucket", StringComparison.Ordinal)
                    && line.Contains($"# {{trace_id=\"{Trace}\",span_id=\"", StringComparison.Ordinal)),
                $"{family} names the trace");
        }

        async Task<string> OpenMetricsAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(exporting.Address, "/metrics"));
            request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0");
            using var response = await client.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }
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
