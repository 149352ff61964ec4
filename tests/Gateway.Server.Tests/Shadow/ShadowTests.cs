namespace Gateway.Server.Tests.Shadow;

/// <summary>Shadow mode: everything is decided and put on record, and nothing is stopped.</summary>
public sealed class ShadowTests : IAsyncLifetime
{
    private const string Tools = """
        "hide": ["secret"],
        "tools": {
          "never": { "action": "deny", "reason": "Only a person does this." },
          "bounded": { "limits": [ { "counter": "c", "window": "month", "max": 2 } ] },
          "checked": { "deny_if": [ { "path": "args.n", "op": "gt", "value": 5 } ],
                       "limits": [ { "counter": "k", "window": "month", "max": 1 } ] },
          "real": { "mode": "enforce", "limits": [ { "counter": "r", "window": "month", "max": 1 } ] }
        }
        """;

    private RecordingServer _server = null!;

    public async Task InitializeAsync() => _server = await RecordingServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Lets_through_what_it_would_deny_and_says_so_in_the_record_only()
    {
        await using var gateway = await StartAsync();

        Assert.False(IsRefused(await gateway.CallToolAsync("never")));
        Assert.False(IsRefused(await gateway.CallToolAsync("unnamed")));

        var shadows = await ShadowsAsync(gateway);
        Assert.Equal(["denied", "denied"], shadows.Select(s => Text(s, "outcome")));
        Assert.Equal(["/tools/never/action", "(default deny)"], shadows.Select(s => Text(s, "rule")));
        Assert.Equal("Only a person does this.", Text(shadows[0], "reason"));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task Counts_a_limit_in_shadow_and_never_refuses()
    {
        await using var gateway = await StartAsync();

        for (var i = 0; i < 5; i++)
            Assert.False(IsRefused(await gateway.CallToolAsync("bounded")));

        var shadows = await ShadowsAsync(gateway);
        Assert.Equal(
            ["allowed", "allowed", "rate_limited", "rate_limited", "rate_limited"],
            shadows.Select(s => Text(s, "outcome")));
        Assert.Equal("/tools/bounded/limits/0", Text(shadows[2], "rule"));
        Assert.Equal("2", Text(shadows[2].GetProperty("limit"), "used"));
    }

    [Fact]
    public async Task Counts_nothing_in_shadow_for_a_call_that_shadow_would_have_denied()
    {
        await using var gateway = await StartAsync();

        await gateway.CallToolAsync("checked", """{"n":6}""");
        await gateway.CallToolAsync("checked", """{"n":1}""");
        await gateway.CallToolAsync("checked", """{"n":1}""");

        Assert.Equal(
            ["denied", "allowed", "rate_limited"], (await ShadowsAsync(gateway)).Select(s => Text(s, "outcome")));
    }

    [Fact]
    public async Task Enforces_an_entry_that_says_so_and_what_is_never_in_shadow()
    {
        await using var gateway = await StartAsync();

        Assert.False(IsRefused(await gateway.CallToolAsync("real")));
        Assert.True(IsRefused(await gateway.CallToolAsync("real")));
        Assert.True(IsRefused(await gateway.CallToolAsync("secret")));
        using var malformed = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"never","arguments":{"a":1,"a":2}}}""");
        using var stranger = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"ping"}""",
            request => request.Headers.Authorization = new("Bearer", "pgw_nobody_knows_this_one"));

        Assert.Equal(400, (int)malformed.StatusCode);
        Assert.Equal(401, (int)stranger.StatusCode);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Puts_one_entry_in_shadow_while_the_document_is_enforced()
    {
        await using var gateway = await TestGateway.StartAsync(_server, """
            {
              "version": "1", "default": "deny",
              "all_tools": { "limits": [ { "counter": "all", "window": "month", "max": 3 } ] },
              "tools": { "new": { "mode": "shadow", "limits": [ { "counter": "n", "window": "month", "max": 1 } ] } }
            }
            """);

        for (var i = 0; i < 3; i++)
            Assert.False(IsRefused(await gateway.CallToolAsync("new")));
        Assert.True(IsRefused(await gateway.CallToolAsync("new")));
        Assert.True(IsRefused(await gateway.CallToolAsync("other")));

        Assert.Equal(
            ["allowed", "rate_limited", "rate_limited"],
            (await ShadowsAsync(gateway)).Select(s => Text(s, "outcome")));
    }

    [Fact]
    public async Task Gives_back_in_shadow_what_an_error_answer_cost()
    {
        _server.Answer = (http, _) => RecordingServer.JsonAsync(
            http, """{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true}}""");
        await using var gateway = await TestGateway.StartAsync(_server, """
            { "version": "1", "default": "deny", "mode": "shadow", "tools": { "pay": { "limits": [
              { "counter": "spent", "window": "month", "max": 100, "increment_from": "args.amount" } ] } } }
            """);

        for (var i = 0; i < 3; i++)
            await gateway.CallToolAsync("pay", """{"amount":100}""");

        Assert.All(await ShadowsAsync(gateway), shadow => Assert.Equal("allowed", Text(shadow, "outcome")));
    }

    [Fact]
    public async Task Counts_a_call_in_shadow_as_allowed_and_once_more_in_a_family_of_its_own()
    {
        await using var gateway = await StartAsync();
        await gateway.CallToolAsync("never");

        var text = await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/metrics"));

        Assert.Contains(Family(text, "gateway_decisions_total{"), line =>
            line.Contains("outcome=\"allowed\"", StringComparison.Ordinal)
            && line.EndsWith(" 1", StringComparison.Ordinal));
        var would = Assert.Single(Family(text, "gateway_shadow_decisions_total{"));
        Assert.Contains("outcome=\"denied\"", would, StringComparison.Ordinal);
        Assert.DoesNotContain("tool=", would, StringComparison.Ordinal);
    }

    private Task<TestGateway> StartAsync() => TestGateway.StartAsync(
        _server, $$"""{ "version": "1", "default": "deny", "mode": "shadow", {{Tools}} }""");

    /// <summary>What the records of allowed calls say of shadow mode, once the gateway has stopped.</summary>
    private static async Task<IReadOnlyList<JsonElement>> ShadowsAsync(TestGateway gateway)
    {
        await gateway.DisposeHostAsync();
        return [.. gateway.AuditRecords()
            .Where(record => Text(record, "kind") == "decision" && Text(record, "outcome") == "allowed")
            .Select(record => record.GetProperty("shadow"))];
    }

    private static bool IsRefused(JsonElement answer) =>
        answer.GetProperty("result").TryGetProperty("isError", out var isError) && isError.GetBoolean();

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();

    private static IEnumerable<string> Family(string text, string start) =>
        text.Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal)).Select(line => line.Trim());
}
