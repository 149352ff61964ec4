namespace Gateway.Server.Tests.Money;

/// <summary>A limit for each recipient, through a real gateway.</summary>
public sealed class ByValueTests : IAsyncLifetime
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
            "send": { "limits": [ { "counter": "each", "window": "month", "max": 2,
                                    "by": { "path": "args.to", "as": "lower" }, "keys_max": 2 } ] },
            "other": { "limits": [ { "counter": "pair", "window": "month", "max": 1, "by": ["args.a", "args.b"] } ] }
        } }
        """;

    private RecordingServer _server = null!;

    public async Task InitializeAsync() => _server = await RecordingServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Counts_each_value_apart_and_goes_on_after_a_restart()
    {
        var first = await TestGateway.StartAsync(_server, Policy);
        Assert.Null(await RefusalAsync(first, "ann@example.org"));
        Assert.Null(await RefusalAsync(first, "ANN@example.org"));
        Assert.Null(await RefusalAsync(first, "bob@example.org"));
        await first.DisposeHostAsync();

        await using var second = await TestGateway.StartAsync(_server.Url, Policy, after: first);
        var full = (await RefusalAsync(second, "ann@example.org"))!.Value;
        Assert.Equal("rate_limited", full.GetProperty("outcome").GetString());
        Assert.Equal("each", full.GetProperty("limit").GetProperty("counter").GetString());
        Assert.Null(await RefusalAsync(second, "bob@example.org"));
        var many = (await RefusalAsync(second, "eve@example.org"))!.Value;
        Assert.Equal("denied", many.GetProperty("outcome").GetString());
        Assert.Equal("(too many values)", many.GetProperty("rule").GetString());
        Assert.Equal(4, _server.Requests.Count);
    }

    [Fact]
    public async Task Denies_when_the_value_is_missing_or_could_be_read_in_two_ways()
    {
        await using var gateway = await TestGateway.StartAsync(_server, Policy);
        Assert.Equal("/tools/send/limits/0/by", Rule(await gateway.CallToolAsync("send")));
        Assert.Equal("/tools/send/limits/0/by", Rule(await gateway.CallToolAsync("send", """{"to":["a"]}""")));
        Assert.Equal("(ambiguous argument)", Rule(await gateway.CallToolAsync("send", """{"to":"a","To":"b"}""")));
        Assert.Equal("/tools/other/limits/0/by", Rule(await gateway.CallToolAsync("other", """{"a":1}""")));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task No_value_stands_in_records_counters_metrics_or_in_the_store()
    {
        const string secret = "very-private-7351";
        var gateway = await TestGateway.StartAsync(_server, Policy);
        for (var i = 0; i < 3; i++) await RefusalAsync(gateway, secret);
        var metrics = await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/metrics"));
        Assert.DoesNotContain(secret, metrics, StringComparison.Ordinal);
        await gateway.DisposeHostAsync();

        foreach (var file in Directory.EnumerateFiles(
            Path.Combine(gateway.Folder, "data"), "*", SearchOption.AllDirectories))
        {
            var content = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file));
            Assert.False(content.Contains(secret, StringComparison.Ordinal), file);
        }

        var counted = gateway.AuditRecords().Select(static record => record.GetRawText())
            .Where(static text => text.Contains("~by~", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(counted);
        await gateway.DisposeAsync();
    }

    private static async Task<JsonElement?> RefusalAsync(TestGateway gateway, string to)
    {
        var result = (await gateway.CallToolAsync("send", $$"""{"to":"{{to}}"}""")).GetProperty("result");
        return result.TryGetProperty("_meta", out var meta) ? meta.GetProperty("policy-gateway/decision") : null;
    }

    private static string? Rule(JsonElement answer) => answer.GetProperty("result").GetProperty("_meta")
        .GetProperty("policy-gateway/decision").GetProperty("rule").GetString();
}
