namespace Gateway.Server.Tests.Admin;

public sealed class AdminApiTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Takes_a_grant_through_its_whole_life()
    {
        var token = await _bench.ProvideAsync();
        Assert.Equal((200, false), await _bench.CallAsync(token));

        Assert.Equal(200, (await _bench.SendAsync("POST", "grants/bot/pause")).Status);
        Assert.Equal(403, (await _bench.CallAsync(token)).Status);
        Assert.Equal("paused", (await _bench.SendAsync("GET", "grants/bot")).Json!["status"]!.GetValue<string>());

        Assert.Equal(200, (await _bench.SendAsync("POST", "grants/bot/resume")).Status);
        Assert.Equal((200, false), await _bench.CallAsync(token));

        var shown = await _bench.SendAsync("GET", "grants/bot");
        Assert.NotNull(shown.Json!["lastUsed"]);
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "grants/bot", ifMatch: shown.ETag)).Status);
        Assert.Equal(401, (await _bench.CallAsync(token)).Status);
    }

    [Fact]
    public async Task Shows_a_token_once_and_never_stores_it()
    {
        var token = await _bench.ProvideAsync();

        Assert.Matches("^pgw_[A-Za-z0-9_-]{43}$", token);
        var grant = await _bench.SendAsync("GET", "grants/bot");
        Assert.DoesNotContain(token, grant.Json!.ToJsonString(), StringComparison.Ordinal);
        var files = Directory.EnumerateFiles(_bench.Folder, "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith("lock", StringComparison.Ordinal));
        foreach (var path in files)
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            Assert.DoesNotContain(token, await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Shows_and_resets_a_counter()
    {
        var token = await _bench.ProvideAsync();
        for (var call = 0; call < 3; call++)
            Assert.Equal((200, false), await _bench.CallAsync(token));
        Assert.Equal((200, true), await _bench.CallAsync(token));

        var counter = (await _bench.SendAsync("GET", "counters?grant=bot")).Json!["items"]!.AsArray().Single()!;
        Assert.Equal("3", counter["used"]!.GetValue<string>());
        Assert.Equal("0", counter["remaining"]!.GetValue<string>());

        var reset = await _bench.SendAsync(
            "POST", "counters/reset", new JsonObject { ["key"] = counter["key"]!.GetValue<string>() });
        Assert.Equal("0", reset.Json!["used"]!.GetValue<string>());
        Assert.NotEqual(counter["key"]!.GetValue<string>(), reset.Json!["key"]!.GetValue<string>());
        Assert.Equal((200, false), await _bench.CallAsync(token));
    }

    [Fact]
    public async Task Shows_what_a_grant_may_still_use_and_what_it_called()
    {
        var token = await _bench.ProvideAsync();
        for (var call = 0; call < 2; call++)
            Assert.Equal((200, false), await _bench.CallAsync(token));

        var budgets = (await _bench.SendAsync("GET", "grants/bot/budgets")).Json!;
        var budget = Assert.Single(budgets["budgets"]!.AsArray())!;
        Assert.Equal(
            ("3", "2", "1"), ((string?)budget["limit"], (string?)budget["used"], (string?)budget["left"]));
        Assert.Equal(0.667, (double)budget["usedRatio"]!, 3);
        Assert.NotNull(budget["reset"]);
        Assert.Equal(404, (await _bench.SendAsync("GET", "grants/nobody/budgets")).Status);

        var usage = (await _bench.SendAsync("GET", "usage?since=5m&by=grant")).Json!;
        Assert.Equal((2, 0), ((int)usage["calls"]!, (int)usage["refused"]!));
        Assert.Equal("bot", (string?)Assert.Single(usage["rows"]!.AsArray())!["name"]);
        Assert.Equal("present", (string?)Assert.Single(usage["frontends"]!.AsArray())!["state"]);
        Assert.Equal(400, (await _bench.SendAsync("GET", "usage?since=3d&step=1m")).Status);
    }

    [Fact]
    public async Task Usage_has_a_limited_tool_under_the_pattern_that_names_it_before_its_server_was_listed()
    {
        var token = await _bench.ProvideAsync();
        var policy = JsonNode.Parse(AdminBench.Limited.Replace("list_customers", "list_*", StringComparison.Ordinal));
        Assert.Equal(200, (await _bench.SendAsync("PUT", "policies/limited", policy, "*")).Status);

        Assert.Equal((200, false), await _bench.CallAsync(token));

        var usage = (await _bench.SendAsync("GET", "usage?since=5m&by=tool")).Json!;
        Assert.Equal("list_*", (string?)Assert.Single(usage["rows"]!.AsArray())!["name"]);
    }

    [Fact]
    public async Task Records_every_change_with_before_and_after_and_without_secrets()
    {
        await _bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = "http://127.0.0.1:9/mcp",
            ["headers"] = new JsonObject { ["Authorization"] = "Bearer s3cret" },
        });
        var moved = new JsonObject { ["url"] = "http://127.0.0.1:8/mcp" };
        await _bench.SendAsync("PUT", "servers/crm", moved, ifMatch: "*");

        var changes = _bench.Changes();
        Assert.Equal(["create", "replace"], changes.Select(change => change.GetProperty("action").GetString()));
        Assert.Equal("http://127.0.0.1:9/mcp", changes[1].GetProperty("before").GetProperty("url").GetString());
        Assert.Equal("http://127.0.0.1:8/mcp", changes[1].GetProperty("after").GetProperty("url").GetString());
        Assert.Equal("Authorization", changes[1].GetProperty("after").GetProperty("headerNames")[0].GetString());
        Assert.DoesNotContain(changes, change => change.ToString().Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asks_for_the_version_and_refuses_an_old_one()
    {
        await _bench.ProvideAsync();
        var first = await _bench.SendAsync("GET", "policies/limited");
        var open = JsonNode.Parse("""{ "version": "1", "default": "allow" }""")!;

        Assert.Equal(428, (await _bench.SendAsync("PUT", "policies/limited", open)).Status);
        Assert.Equal(200, (await _bench.SendAsync("PUT", "policies/limited", open, first.ETag)).Status);
        Assert.Equal(412, (await _bench.SendAsync("PUT", "policies/limited", open, first.ETag)).Status);
        Assert.Equal(428, (await _bench.SendAsync("DELETE", "grants/bot")).Status);
    }

    [Fact]
    public async Task Refuses_a_policy_with_an_error_and_names_its_place()
    {
        var wrong = new JsonObject { ["version"] = "1", ["default"] = "maybe" };
        var reply = await _bench.SendAsync("PUT", "policies/p", wrong);

        Assert.Equal(422, reply.Status);
        Assert.Equal("/default", reply.Json!["errors"]![0]!["pointer"]!.GetValue<string>());
        Assert.Equal(404, (await _bench.SendAsync("GET", "policies/p")).Status);
    }

    [Theory]
    [InlineData("""{ "command": "npx", "args": [ "-y", "some-server" ] }""")]
    [InlineData("""{ "url": "http://127.0.0.1:9/mcp", "command": "sh" }""")]
    public async Task Refuses_a_program_and_says_where_to_register_it(string body)
    {
        var reply = await _bench.SendAsync("PUT", "servers/p", JsonNode.Parse(body));

        Assert.Equal(422, reply.Status);
        Assert.Contains(
            "only in the configuration file", reply.Json!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("/command", reply.Json!["errors"]![0]!["pointer"]!.GetValue<string>());
        Assert.Equal(404, (await _bench.SendAsync("GET", "servers/p")).Status);
    }

    [Fact]
    public async Task Checks_a_policy_without_setting_it()
    {
        var reply = await _bench.SendAsync("PUT", "policies/p?dryRun=true", JsonNode.Parse(AdminBench.Limited));

        Assert.Equal(200, reply.Status);
        Assert.Equal(404, (await _bench.SendAsync("GET", "policies/p")).Status);
    }

    [Theory]
    [InlineData("PUT", "servers/a%20b", """{ "url": "http://x/" }""", 422)]
    [InlineData("PUT", "servers/x", """{ "url": "ftp://x/" }""", 422)]
    [InlineData("PUT", "servers/x", """{ "urls": ["http://x/", null] }""", 422)]
    [InlineData("PUT", "servers/x", """{ "url": "http://x/", "headers": { "Host": "y" } }""", 422)]
    [InlineData("PUT", "servers/x", """{ "adress": "http://x/" }""", 400)]
    [InlineData("POST", "grants", """{ "name": "g", "servers": { "nowhere": null } }""", 422)]
    [InlineData("POST", "grants", """{ "name": "g", "servers": {} }""", 422)]
    [InlineData("POST", "grants", """{ "name": "g/h", "servers": {} }""", 422)]
    [InlineData("POST", "counters/reset", """{ "key": "nonsense" }""", 422)]
    [InlineData("DELETE", "grants/nobody", null, 404)]
    [InlineData("PATCH", "grants", null, 404)]
    [InlineData("GET", "channels/%01", null, 404)]
    [InlineData("DELETE", "policies/%1F", null, 404)]
    [InlineData("PUT", "alerts/%7F%01", "{}", 404)]
    [InlineData("GET", "audit?from=yesterday", null, 400)]
    public async Task Refuses_what_makes_no_sense(string method, string path, string? body, int status)
    {
        var reply = await _bench.SendAsync(method, path, body is null ? null : JsonNode.Parse(body), ifMatch: "*");

        Assert.Equal(status, reply.Status);
        Assert.NotEmpty(reply.Json!["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Removes_nothing_that_a_grant_still_uses()
    {
        await _bench.ProvideAsync();

        var server = await _bench.SendAsync("DELETE", "servers/crm", ifMatch: "*");
        var policy = await _bench.SendAsync("DELETE", "policies/limited", ifMatch: "*");

        Assert.Equal((409, 409), (server.Status, policy.Status));
        Assert.Contains("bot", server.Json!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removes_no_policy_that_the_sign_ins_of_a_server_get()
    {
        await _bench.SendAsync("PUT", "policies/members", JsonNode.Parse("""{ "version": "1", "default": "deny" }"""));
        await _bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = "http://127.0.0.1:9/mcp",
            ["oauthPolicy"] = "members",
        });

        var refused = await _bench.SendAsync("DELETE", "policies/members", ifMatch: "*");

        Assert.Equal(409, refused.Status);
        Assert.Equal(
            "The policy \"members\" is used by the \"oauthPolicy\" of the servers crm. Change or remove these first.",
            (string?)refused.Json!["detail"]);
    }

    [Fact]
    public async Task Lists_in_pages()
    {
        for (var i = 0; i < 5; i++)
            await _bench.SendAsync("PUT", $"servers/s{i}", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        var names = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = (await _bench.SendAsync("GET", $"servers?limit=2&cursor={cursor}")).Json!;
            names.AddRange(page["items"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()));
            if (page["next"] is not { } next)
                break;
            cursor = next.GetValue<string>();
        }

        Assert.Equal(["s0", "s1", "s2", "s3", "s4"], names);
    }

    [Fact]
    public async Task Lists_a_servers_tools_with_what_a_grant_may_do()
    {
        await _bench.ProvideAsync();

        var tools = (await _bench.SendAsync("GET", "servers/crm/tools?grant=bot")).Json!["tools"]!.AsArray();

        var listed = tools.Single(tool => tool!["name"]!.GetValue<string>() == "list_customers")!;
        Assert.Equal("allowed", listed["outcome"]!.GetValue<string>());
        Assert.Equal("3 per month (lists)", listed["limits"]![0]!.GetValue<string>());
        Assert.Contains(tools, tool => tool!["outcome"]!.GetValue<string>() == "denied");
        Assert.Contains(tools, tool => tool!["risk"]!.GetValue<string>() == "high");
    }

    [Fact]
    public async Task Says_what_is_wrong_with_a_server_that_cannot_be_asked()
    {
        await _bench.SendAsync("PUT", "servers/gone", new JsonObject { ["url"] = "http://127.0.0.1:1/mcp" });

        var reply = await _bench.SendAsync("GET", "servers/gone/tools");

        Assert.Equal(502, reply.Status);
        Assert.Contains("127.0.0.1:1", reply.Json!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_the_record_from_either_end()
    {
        var token = await _bench.ProvideAsync();
        for (var call = 0; call < 4; call++)
            await _bench.CallAsync(token);

        var refused = (await _bench.SendAsync("GET", "audit?outcome=rate_limited")).Json!["items"]!.AsArray();
        Assert.Equal("lists", Assert.Single(refused)!["limit"]!["counter"]!.GetValue<string>());

        var last = (await _bench.SendAsync("GET", "audit?tail=1&kind=decision")).Json!;
        Assert.Equal("rate_limited", last["items"]!.AsArray().Single()!["outcome"]!.GetValue<string>());
        await _bench.CallAsync(token);
        var next = (await _bench.SendAsync("GET", $"audit?kind=decision&cursor={last["next"]}")).Json!;
        Assert.Single(next["items"]!.AsArray());
    }
}
