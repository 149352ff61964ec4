namespace Gateway.Server.Tests.Admin;

/// <summary>The MCP server for operators' agents, with the official clients, in a process.</summary>
public sealed class AdminMcpTests(AdminMcpGateway gateway) : IClassFixture<AdminMcpGateway>
{
    private static readonly string[] Tools =
    [
        "get_status", "search_records", "explain_call", "test_policy", "diff_policy", "list_approvals",
        "pause_everything", "pause_server", "pause_grant",
        "approve", "deny", "resume_everything", "resume_server", "resume_grant", "set_policy", "set_secret",
    ];

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task The_csharp_client_reads_status_records_and_policies(string version)
    {
        await using var client = await gateway.ConnectAsync(version);

        var tools = await client.ListToolsAsync(cancellationToken: AdminMcpGateway.Deadline);
        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.Equal(Tools, tools.Select(static tool => tool.Name));
        Assert.True((bool)(await CallAsync(client, "get_status"))["ready"]!);

        Assert.Equal(200, (await gateway.CallAsGrantAsync("forbidden")).Status);
        var page = await CallAsync(client, "search_records", ("tool", "forbidden"), ("tail", 1));
        var record = page["items"]!.AsArray().Single()!;
        Assert.Equal(("denied", "forbidden"), ((string)record["outcome"]!, (string)record["tool"]!));

        var first = await CallAsync(client, "search_records", ("kind", "access"), ("limit", 1));
        var second = await CallAsync(
            client, "search_records", ("kind", "access"), ("limit", 1), ("cursor", (string?)first["next"]));
        Assert.NotEqual(first["items"]![0]!.ToJsonString(), second["items"]![0]!.ToJsonString());

        var explained = await CallAsync(client, "explain_call",
            ("tool", "forbidden"), ("grant", "agent"), ("server", "srv"), ("arguments", new { }));
        Assert.Equal("denied", (string?)explained["outcome"]);
        Assert.Equal((string?)record["rule"], (string?)explained["rule"]);

        var tested = await CallAsync(client, "test_policy", ("name", "policy"));
        Assert.Equal((1, 0), ((int)tested["passed"]!, (int)tested["failed"]!));
        var edited = (await gateway.ApiAsync("GET", "policies/policy")).Json!;
        edited["tools"]!.AsObject().Remove("refund");
        var diff = await CallAsync(client, "diff_policy", ("name", "policy"), ("policy", edited));
        Assert.Equal("refund", (string?)diff["differences"]!.AsArray().Single()!["tool"]);
    }

    [NodeFact]
    public async Task The_typescript_clients_search_records()
    {
        foreach (var script in new[] { SeenSession.LegacyClient, SeenSession.StatelessClient })
        {
            var seen = await SeenSession.RunAsync(
                script, gateway.Endpoint, gateway.AgentKey, AdminMcpGateway.Deadline,
                new ScriptedCall("search_records", new() { ["kind"] = "access", ["tail"] = 1 }));

            Assert.Equal(("policy-gateway-admin", false), (seen.Server, seen.HasSession));
            Assert.Equal(Tools, seen.Tools);
            var record = JsonNode.Parse(seen.Results.Single().Text)!["items"]!.AsArray().Single()!;
            Assert.Equal("mcp/search_records", (string?)record["object"]);
        }
    }

    [Fact]
    public async Task No_tool_approves_resumes_or_changes_a_policy()
    {
        var asked = JsonNode.Parse((await gateway.CallAsGrantAsync("refund")).Text)!;
        var id = (string)asked["result"]!["_meta"]!["policy-gateway/decision"]!["approvalId"]!;
        var policy = (await gateway.ApiAsync("GET", "policies/policy")).Json!.ToJsonString();
        await using var client = await gateway.ConnectAsync(key: await gateway.KeyOfAsync("rogue", "agent"));
        string[] names = [id, $"{id}/approve", $"../approvals/{id}/approve", "policy", "agent", "srv"];

        foreach (var tool in await client.ListToolsAsync(cancellationToken: AdminMcpGateway.Deadline))
        {
            var isNamed = tool.JsonSchema.GetProperty("properties").TryGetProperty("name", out _);
            foreach (var name in isNamed ? names : [""])
                await TryAsync(client, tool.Name, isNamed ? new() { ["name"] = name } : []);
            var odd = await TryAsync(client, tool.Name, new() { ["name"] = id, ["verb"] = "approve", ["by"] = "a" });
            Assert.True(odd.IsError == true, tool.Name);
        }

        var approval = (await gateway.ApiAsync("GET", $"approvals/{id}")).Json!;
        Assert.Equal(("open", null), ((string?)approval["state"], (string?)approval["answeredBy"]));
        Assert.Equal(policy, (await gateway.ApiAsync("GET", "policies/policy")).Json!.ToJsonString());
        var pauses = (await gateway.ApiAsync("GET", "pauses")).Json!;
        Assert.Equal(
            ("agent", "srv", true),
            ((string?)pauses["grants"]!.AsArray().Single(), (string?)pauses["servers"]!.AsArray().Single(),
                pauses["gateway"] is not null));
        Assert.Equal(
            ["pause pauses/gateway", "pause pauses/servers/srv", "pause pauses/grants/agent"],
            gateway.Records("change").Where(static one => Text(one, "by") == "rogue")
                .Select(static one => $"{Text(one, "action")} {Text(one, "object")}"));
        foreach (var path in new[] { "resume", "grants/agent/resume", "servers/srv/resume" })
            Assert.Equal(200, (await gateway.ApiAsync("POST", path)).Status);
    }

    [VolumeFact]
    public async Task Tool_whose_call_cannot_be_recorded_does_nothing()
    {
        using var own = new AdminMcpGateway();
        using var volume = SmallVolume.Mount(own.Audit, 1 << 20);
        await own.InitializeAsync();
        try
        {
            await using var client = await own.ConnectAsync();
            volume.Fill();
            // The last page of the file has room for a few records.
            await Soon.UntilAsync(async () => await IsRefusedAsync(client, "get_status"), "the record is full");

            Assert.True(await IsRefusedAsync(client, "pause_everything"));

            volume.MakeRoom();
            await Soon.UntilAsync(
                async () => (await own.ApiAsync("GET", "pauses")) is { Status: 200, Json: var pauses }
                    && pauses!["gateway"] is null,
                "the gateway is not paused");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static async Task<bool> IsRefusedAsync(McpClient client, string tool)
    {
        var result = await client.CallToolAsync(tool, cancellationToken: AdminMcpGateway.Deadline);
        if (result.IsError != true)
            return false;
        Assert.Contains("Audit log", ((TextContentBlock)result.Content.Single()).Text, StringComparison.Ordinal);
        return true;
    }

    private static async Task<CallToolResult> TryAsync(
        McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: AdminMcpGateway.Deadline);
        Assert.DoesNotContain(
            "in this minute", ((TextContentBlock)result.Content.Single()).Text, StringComparison.Ordinal);
        return result;
    }

    [Theory]
    [InlineData("approve", "a-1", "approvals/a-1")]
    [InlineData("deny", "a-1", "approvals/a-1")]
    [InlineData("resume_everything", null, "overview")]
    [InlineData("resume_server", "srv", "servers/srv")]
    [InlineData("resume_grant", "a b", "grants/a%20b")]
    [InlineData("set_policy", "support", "policies/support")]
    [InlineData("set_secret", "srv", "servers/srv")]
    public async Task Returns_the_page_where_a_person_acts(string tool, string? name, string page)
    {
        await using var client = await gateway.ConnectAsync();

        var answer = await CallAsync(client, tool, name is null ? [] : [("name", name)]);

        Assert.Equal(new Uri(gateway.Endpoint, $"/console/#/{page}").AbsoluteUri, (string?)answer["link"]);
        Assert.StartsWith("Nothing was changed.", (string?)answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pauses_a_grant_and_records_the_agent()
    {
        await using var client = await gateway.ConnectAsync();

        await CallAsync(client, "pause_grant", ("name", "other"));

        Assert.Equal(403, (await gateway.CallAsGrantAsync("t", TestTokens.Other)).Status);
        var change = gateway.Records("change")[^1];
        Assert.Equal(
            ("watcher", "pause", "mcp", "key", "watcher/test"),
            (Text(change, "by"), Text(change, "action"), Text(change, "origin"), Text(change, "credential"),
                Text(change, "credentialId")));
        Assert.Equal(403, (await gateway.ApiAsync("POST", "grants/other/resume", key: gateway.AgentKey)).Status);
        Assert.Equal(200, (await gateway.ApiAsync("POST", "grants/other/resume")).Status);
    }

    [Fact]
    public async Task Records_each_call_once_with_what_became_of_it()
    {
        await using var client = await gateway.ConnectAsync();
        var before = gateway.Records("access").Count(IsCall);
        var key = await gateway.KeyOfAsync("crm-watcher", "agent:srv");
        using var refused = await gateway.PostAsync(
            request => request.Headers.Authorization = new("Bearer", key),
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_status","arguments":{}}}""");
        Assert.Contains("requires the role", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await CallAsync(client, "get_status");
        await CallAsync(client, "approve", ("name", "a-1"));

        var calls = gateway.Records("access").Where(IsCall).Skip(before).ToList();
        Assert.Equal(
            [
                "crm-watcher denied mcp/get_status GET /api/v1/status",
                "watcher allowed mcp/get_status GET /api/v1/status",
                "watcher allowed mcp/approve POST /admin/mcp",
            ],
            calls.Select(static one => $"{Text(one, "by")} {Text(one, "became")} {Text(one, "object")} "
                + $"{Text(one, "method")} {Text(one, "path")}"));

        static bool IsCall(JsonElement record) => Text(record, "action") == "mcp-call";
    }

    [Fact]
    public async Task Denies_when_the_key_is_missing_or_is_not_an_agents()
    {
        Assert.Equal(401, await StatusAsync(static _ => { }));
        Assert.Equal(401, await StatusAsync(
            static request => request.Headers.Authorization = new("Bearer", TestTokens.Agent)));
        foreach (var (roles, status) in new[]
        {
            ("viewer", 403), ("editor", 403), ("approver", 403), ("admin", 403), ("agent,approver", 403),
            ("agent,viewer", 200), ("agent:srv", 200),
        })
        {
            var key = await gateway.KeyOfAsync(roles.Replace(',', '-').Replace(':', '-') + "-x", roles.Split(','));
            Assert.Equal(
                (roles, status),
                (roles, await StatusAsync(request => request.Headers.Authorization = new("Bearer", key))));
        }

        Assert.Equal(403, await StatusAsync(
            static request => request.Headers.Authorization = new("Bearer", AdminMcpGateway.AdminKey)));
    }

    [Fact]
    public async Task Denies_a_browsers_cookie_another_host_and_another_origin()
    {
        await gateway.KeyOfAsync("browser", "agent");
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        using var login = new StringContent(
            """{"name":"browser","password":"a-long-password-of-this-test"}""",
            new MediaTypeHeaderValue("application/json"));
        using var signedIn = await client.PostAsync(new Uri(gateway.Gateway.Address, "/api/v1/session"), login);
        var cookie = string.Join(
            "; ", signedIn.Headers.GetValues("Set-Cookie").Select(static one => one.Split(';')[0]));
        using var whoami = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Gateway.Address, "/api/v1/session"));
        whoami.Headers.Add("Cookie", cookie);
        using var who = await client.SendAsync(whoami);
        var csrf = (string)JsonNode.Parse(await who.Content.ReadAsStringAsync())!["csrf"]!;

        Assert.Equal(401, await StatusAsync(request =>
        {
            request.Headers.Add("Cookie", cookie);
            request.Headers.Add("X-CSRF-Token", csrf);
        }));
        Assert.Equal(403, await StatusAsync(request => Keyed(request).Host = "evil.example"));
        Assert.Equal(403, await StatusAsync(request => Keyed(request).Add("Origin", "https://evil.example")));
        Assert.Equal(200, await StatusAsync(request => Keyed(request)));

        HttpRequestHeaders Keyed(HttpRequestMessage request)
        {
            request.Headers.Authorization = new("Bearer", gateway.AgentKey);
            return request.Headers;
        }
    }

    [Fact]
    public async Task Refuses_other_methods_and_a_body_beyond_the_bound()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        client.DefaultRequestHeaders.Authorization = new("Bearer", gateway.AgentKey);
        using var get = await client.GetAsync(gateway.Endpoint);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal(413, await StatusAsync(
            request =>
            {
                // The refusal comes before the body.
                request.Headers.ExpectContinue = true;
                request.Headers.Authorization = new("Bearer", gateway.AgentKey);
            },
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":"{{{new string('x', 5 << 20)}}}"} }"""));
    }

    [Fact]
    public async Task Refuses_calls_beyond_the_bound_of_a_minute()
    {
        var key = await gateway.KeyOfAsync("busy", "agent");
        var texts = new List<string>();
        for (var i = 0; i < 125; i++)
        {
            using var response = await gateway.PostAsync(
                request => request.Headers.Authorization = new("Bearer", key),
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"deny","arguments":{"name":"x"}}}""");
            texts.Add(await response.Content.ReadAsStringAsync());
        }

        // A new minute may begin between two of them.
        Assert.InRange(
            texts.Count(static text => text.Contains("Try again in a minute", StringComparison.Ordinal)), 1, 5);
    }

    [Fact]
    public async Task Is_off_by_default()
    {
        await using var bench = await AdminBench.StartAsync();
        var key = await bench.KeyOfAsync("watcher", "agent");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/mcp")
        {
            Content = new StringContent("{}", new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new("Bearer", key);

        using var response = await bench.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static string? Text(JsonElement record, string member) =>
        record.TryGetProperty(member, out var value) ? value.GetString() : null;

    private async Task<int> StatusAsync(Action<HttpRequestMessage> change, string? body = null)
    {
        using var response = await gateway.PostAsync(change, body);
        return (int)response.StatusCode;
    }

    private static async Task<JsonNode> CallAsync(
        McpClient client, string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await client.CallToolAsync(
            tool, arguments.ToDictionary(static one => one.Name, static one => one.Value),
            cancellationToken: AdminMcpGateway.Deadline);
        var text = ((TextContentBlock)result.Content.Single()).Text;
        Assert.False(result.IsError == true, $"{tool}: {text}");
        return JsonNode.Parse(text)!;
    }
}
