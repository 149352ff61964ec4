using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.Extensions;

/// <summary>Experimental tasks of 2025-11-25, between the official client and the official example server.</summary>
public sealed class OfficialTaskTests : IDisposable
{
    private const string Policy = """
        {
          "version": "1", "default": "deny",
          "tools": { "simulate-research-query": {
            "limits": [ { "counter": "research", "window": "month", "max": 2 } ],
            "results": { "redact": [ { "matches": "Research Report" } ] }
          } }
        }
        """;

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));

    public void Dispose() => _deadline.Dispose();

    [NodeTheory]
    [InlineData("/mcp/srv", "simulate-research-query")]
    [InlineData("/mcp", "srv__simulate-research-query")]
    public async Task The_official_client_runs_cancels_and_is_asked_by_tasks(string path, string tool)
    {
        await using var server = await EverythingServer.StartAsync(_deadline.Token);
        await using var gateway = await TestGateway.StartAsync(server.Address, Policy);

        await RunAsync(new Uri(gateway.Address, path), tool);

        // Two calls, and any number of requests about their tasks.
        var counted = gateway.AuditRecords().Where(static record =>
            record.GetProperty("kind").GetString() == "decision" && record.TryGetProperty("counters", out var counters)
            && counters.GetArrayLength() > 0);
        Assert.Equal(
            ["tools/call", "tools/call"], counted.Select(static record => record.GetProperty("method").GetString()));
    }

    [NodeFact]
    public async Task The_official_client_runs_and_cancels_tasks_of_a_program()
    {
        await using var bench = await StdioBench.StartProgramAsync(
            $$"""{ "command": "{{NodePackages.Node}}", "args": ["{{ProbeTests.Everything}}", "stdio"] }""", Policy);
        await RunAsync(bench.Endpoint, "simulate-research-query");
    }

    [NodeFact]
    public async Task The_official_client_runs_and_cancels_tasks_of_a_server_over_HTTP_and_SSE()
    {
        await using var server = await EverythingServer.StartAsync(_deadline.Token, "everything-sse.js");
        await using var bench = await StdioBench.StartProgramAsync($$"""{ "url": "{{server.Address}}" }""", Policy);
        await RunAsync(bench.Endpoint, "simulate-research-query");
    }

    private async Task RunAsync(Uri url, string tool)
    {
        var script = JsonSerializer.Serialize(
            new { url, token = TestTokens.Agent, tool }, JsonSerializerOptions.Web);
        await using var client = NodeProcess.Start("task-client.js", script);
        using var json = JsonDocument.Parse(await client.ReadJsonLineAsync(_deadline.Token));
        var seen = json.RootElement;

        Assert.False(seen.TryGetProperty("error", out var error), error.ToString());
        var task = seen.GetProperty("task").GetString();
        Assert.StartsWith("task-", task, StringComparison.Ordinal);
        Assert.StartsWith("# [redacted]: python (", seen.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal([task], seen.GetProperty("asked").EnumerateArray().Select(static one => one.GetString()));
        Assert.Contains("working", seen.GetProperty("statuses").EnumerateArray().Select(static one => one.GetString()));
        Assert.Equal("cancelled", seen.GetProperty("cancelled").GetString());
        Assert.Equal(-32602, seen.GetProperty("unknown").GetInt32());
        Assert.False(seen.GetProperty("capabilities").TryGetProperty("list", out _));
    }
}
