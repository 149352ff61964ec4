using System.Diagnostics;
using System.Net;
using Gateway.Proxy.Configuration;
using Gateway.Server.Hosting;
using Gateway.Server.Tests.Fixtures;

namespace Gateway.Server.Tests.Telemetry;

/// <summary>What an operator's Prometheus reads, and where.</summary>
public sealed class MetricsTests : IAsyncLifetime
{
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server, """
            { "version": "1", "default": "allow",
              "tools": {
                "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 2 } ] },
                "drop": { "action": "deny" } } }
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Counts_each_call_once_by_its_outcome()
    {
        for (var i = 0; i < 3; i++)
            await _gateway.CallToolAsync("pay");
        await _gateway.CallToolAsync("drop");
        using var unread = await _gateway.PostAsync("[]");

        var lines = (await ScrapeAsync()).Split('\n');

        Assert.Contains("""gateway_decisions_total{server="srv",tool="pay",outcome="allowed"} 2""", lines);
        Assert.Contains("""gateway_decisions_total{server="srv",tool="pay",outcome="rate_limited"} 1""", lines);
        Assert.Contains("""gateway_decisions_total{server="srv",tool="drop",outcome="denied"} 1""", lines);
        Assert.Contains("""gateway_edge_refusals_total{status="400"} 1""", lines);
        Assert.Equal(3, lines.Count(line => line.StartsWith("gateway_decisions_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Names_no_more_tools_than_its_bound_however_many_an_agent_makes_up()
    {
        for (var i = 0; i < 510; i++)
            await _gateway.CallToolAsync($"made_up_{i}");

        var lines = (await ScrapeAsync()).Split('\n');

        Assert.Equal(501, lines.Count(line => line.StartsWith("gateway_decisions_total{", StringComparison.Ordinal)));
        Assert.Contains("""gateway_decisions_total{server="srv",tool="(other)",outcome="allowed"} 10""", lines);
    }

    [Fact]
    public async Task Shows_no_secret()
    {
        await _gateway.CallToolAsync("pay", """{"password":"hunter2"}""");

        var text = await ScrapeAsync();

        Assert.DoesNotContain(TestTokens.Agent, text, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway_admission_duration_seconds_bucket")]
    [InlineData("gateway_call_duration_seconds_count")]
    [InlineData("gateway_calls_open")]
    [InlineData("gateway_streams_open")]
    [InlineData("gateway_audit_records_total")]
    [InlineData("gateway_audit_queued")]
    [InlineData("gateway_limits_")]
    [InlineData("dotnet_gc_collections_total")]
    [InlineData("kestrel_active_connections")]
    public async Task Has_the_family(string family)
    {
        await _gateway.CallToolAsync("pay");

        Assert.Contains($"\n{family}", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [PromtoolFact]
    public async Task Passes_the_checker_of_prometheus()
    {
        await _gateway.CallToolAsync("pay");
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

        // Names of the runtime's own meters are what they are; ours have to be clean.
        Assert.DoesNotContain("gateway_", said, StringComparison.Ordinal);
        Assert.DoesNotContain("error while linting", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_on_the_operators_address_only_where_there_is_one()
    {
        await using var host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(_gateway.Folder, "second"),
                Listen = ["http://127.0.0.1:0"],
                AdminListen = "http://127.0.0.1:0",
                Quiet = true,
                Snapshot = ConfigLoader.Load(Path.Combine(_gateway.Folder, "gateway.json"), _ => null).Snapshot!,
            },
            CancellationToken.None);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host.Addresses[0]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host.Addresses[1]));
    }

    private async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var response = await _gateway.Client.GetAsync(new Uri(new Uri(address), "/metrics"));
        return response.StatusCode;
    }

    private Task<string> ScrapeAsync() => _gateway.Client.GetStringAsync(new Uri(_gateway.Address, "/metrics"));
}
