using Gateway.Hosting.Running;

namespace Gateway.Cluster.Tests.Metrics;

/// <summary>Dashboards and alerts are written once: both hosts tell the same families of the same calls.</summary>
public sealed partial class MetricFamilyTests
{
    [ClusterFact]
    public async Task A_frontend_exports_the_same_metric_families_as_the_single_machine_host()
    {
        using var folder = new TestFolder();
        await using var server = await RecordingServer.StartAsync();
        var config = AgentConfig.Write(folder.Path, server.Url, max: 3);
        await using var alone = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(folder.Path, "alone"),
                ConfigFile = new() { Path = config },
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
            },
            CancellationToken.None);
        await using var fleet = await SiloFleet.StartAsync(silos: 0);
        var all = await fleet.StartReadyAsync(
            "all", "--config", config, "--data", Path.Combine(folder.Path, "fleet"), "--listen", "http://127.0.0.1:0");

        var expected = await FamiliesAsync(server, new Uri(alone.Addresses[0]));
        var actual = await FamiliesAsync(server, all.Address);

        Assert.Contains("gateway_decisions_total counter", expected);
        Assert.Equal(expected, actual);
    }

    [ClusterFact]
    public async Task A_silo_reports_its_readiness_and_its_store_latency()
    {
        await using var fleet = await SiloFleet.StartAsync(silos: 1);
        using var http = new HttpClient();

        var text = await http.GetStringAsync(new Uri(fleet.Silos[0].Address, "/metrics"));

        string[] samples =
        [
            "gateway_ready{} 1", "gateway_limits_ready{} 1", "gateway_clock_ahead_seconds{} ",
            """gateway_fault{cause="clock"} 0""", """gateway_limits_writes_total{outcome="unknown"} 0""",
            """gateway_limits_reads_total{outcome="unavailable"} 0""",
            """gateway_limits_store_duration_seconds_bucket{operation="write",le="0.5"} """,
            """orleans_catalog_activations{grain_type="gateway.counter"} """,
            "orleans_runtime_available_memory_megabytes{} ",
            """target_info{service_name="policy-gateway",service_instance_id="silo-1",""",
        ];
        Assert.All(samples, sample => Assert.Contains($"\n{sample}", text, StringComparison.Ordinal));
    }

    [ClusterFact]
    public async Task The_owner_of_a_counter_reports_how_busy_it_is()
    {
        await using var fleet = await SiloFleet.StartAsync(silos: 1);
        var limiter = await fleet.LimiterAsync();
        var key = new CounterKey(LimitScope.Grant, "agent@afip", "busy", WindowKind.Fixed, Window.Month);
        var cost = new LimitCost(key, Amount.FromUnits(1_000_000), Amount.One);

        await Soon.UntilAsync(
            async () =>
            {
                await limiter.AcquireAsync(new LimitRequest(CallId.New(), fleet.Clock.NowMs(), [cost]), default);
                var text = await fleet.Silos[0].GetAsync("/metrics");
                return text.Contains(
                    "\ngateway_counter_busiest{counter=\"agent@afip/busy\"} ", StringComparison.Ordinal);
            },
            "the silo names its busiest counter");
    }

    [ClusterFact]
    public async Task Metrics_of_a_silo_are_refused_to_another_host_or_origin_however_the_path_is_spelled()
    {
        await using var fleet = await SiloFleet.StartAsync(silos: 1);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        string[] spellings = ["/metrics", "/metrics/", "/METRICS", "/%6detrics", "//metrics", "/./metrics"];
        foreach (var spelling in spellings)
        {
            Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(spelling, "evil.example", null));
            Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(spelling, null, "https://evil.example"));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/METRICS", null, null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/livez", null, null));

        async Task<HttpStatusCode> StatusAsync(string path, string? host, string? origin)
        {
            var uri = new Uri(
                fleet.Silos[0].Address.GetLeftPart(UriPartial.Authority) + path,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.Host = host;
            if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
            using var response = await http.SendAsync(request);
            return response.StatusCode;
        }
    }

    private static async Task<string[]> FamiliesAsync(RecordingServer server, Uri gateway)
    {
        using var agents = new AgentCrowd(server);
        agents.Use(gateway);
        agents.Start();
        await agents.RunDryAsync();
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(gateway, "/metrics"));
        return
        [
            .. Family().Matches(text).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")
                .Where(family => family.StartsWith("gateway_", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
    }

    [GeneratedRegex(@"^# TYPE (\S+) (\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Family();
}
