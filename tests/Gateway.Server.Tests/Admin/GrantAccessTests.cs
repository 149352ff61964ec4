namespace Gateway.Server.Tests.Admin;

/// <summary><c>/api/v1/grants/NAME/access</c>, and a server that is tried before it is registered.</summary>
public sealed class GrantAccessTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Shows_each_tool_with_its_rule_and_what_is_left_of_each_limit()
    {
        var token = await _bench.ProvideAsync();
        await _bench.CallAsync(token);

        var access = (await _bench.SendAsync("GET", "grants/bot/access")).Json!;

        var server = access["servers"]!.AsArray().Single()!;
        Assert.Equal(("crm", "limited"), ((string?)server["server"], (string?)server["policy"]));
        var tools = server["tools"]!.AsArray()
            .ToDictionary(static tool => (string)tool!["name"]!, static tool => tool!);
        Assert.Equal("allowed", (string?)tools["list_customers"]["outcome"]);
        Assert.Equal("/tools/list_customers", (string?)tools["list_customers"]["rule"]);
        Assert.Single(tools["list_customers"]["limits"]!.AsArray());
        Assert.All(tools.Where(static one => one.Key != "list_customers"), static one =>
            Assert.Equal(("denied", "(default deny)"), ((string?)one.Value["outcome"], (string?)one.Value["rule"])));
        var counter = access["counters"]!.AsArray().Single()!;
        Assert.Equal(("1", "2", "3"),
            ((string?)counter["used"], (string?)counter["remaining"], (string?)counter["max"]));
        Assert.NotNull(counter["resetAt"]);
    }

    [Fact]
    public async Task Says_which_server_does_not_answer_and_shows_the_rest()
    {
        await _bench.ProvideAsync();
        await _bench.SendAsync("PUT", "servers/gone", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        await _bench.SendAsync("POST", "grants", new JsonObject
        {
            ["name"] = "two",
            ["servers"] = new JsonObject { ["crm"] = "limited", ["gone"] = null },
        });

        var servers = (await _bench.SendAsync("GET", "grants/two/access")).Json!["servers"]!.AsArray();
        var asked = (await _bench.SendAsync("GET", "grants/two/access?tools=false")).Json!["servers"]!.AsArray();

        Assert.NotEmpty(servers[0]!["tools"]!.AsArray());
        Assert.Contains("did not list its tools", (string?)servers[1]!["problem"], StringComparison.Ordinal);
        Assert.Null(servers[1]!["tools"]);
        Assert.All(asked, static server => Assert.Null(server!["tools"]));
        Assert.Equal(404, (await _bench.SendAsync("GET", "grants/two/access?server=shop")).Status);
    }

    [Fact]
    public async Task Tries_a_server_and_keeps_nothing_of_it()
    {
        var well = await _bench.SendAsync(
            "POST", "servers/crm/test", new JsonObject { ["url"] = _bench.Server.Address.ToString() });
        var wrong = await _bench.SendAsync(
            "POST", "servers/crm/test", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        var none = new Uri(_bench.Server.Address, "/none");
        var elsewhere = await _bench.SendAsync(
            "POST", "servers/crm/test", new JsonObject { ["url"] = none.ToString() });
        var unread = await _bench.SendAsync("POST", "servers/crm/test", new JsonObject { ["url"] = "ftp://x" });

        Assert.True((bool)well.Json!["answers"]!);
        Assert.Contains("list_customers", well.Json["names"]!.AsArray().Select(static name => (string?)name));
        Assert.False((bool)wrong.Json!["answers"]!);
        Assert.Contains("did not list its tools", (string?)wrong.Json["problem"], StringComparison.Ordinal);
        Assert.Contains("it returned HTTP 404. Check", (string?)elsewhere.Json!["problem"], StringComparison.Ordinal);
        Assert.Equal(422, unread.Status);
        Assert.Empty((await _bench.SendAsync("GET", "servers")).Json!["items"]!.AsArray());
        Assert.Empty(_bench.Changes());
    }
}
