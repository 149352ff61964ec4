namespace Gateway.Server.Tests.Operators;

/// <summary>The administrator's key once there are people with names of their own.</summary>
public sealed class BreakGlassTests
{
    private static readonly JsonObject Ana = new()
    {
        ["name"] = "ana",
        ["roles"] = new JsonArray("admin"),
        ["password"] = "correct horse battery staple",
    };

    [Fact]
    public async Task Is_on_record_at_each_use_once_there_is_an_operator()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.SendAsync("GET", "grants");
        Assert.Empty(Uses(bench));
        var key = await bench.KeyOfAsync("ana", "admin");

        await bench.SendAsync("GET", "grants");
        await bench.SendAsync("GET", "grants", key: key);

        // The key was made with it, and one list was read.
        Assert.Equal(["POST /api/v1/operators/ana/keys", "GET /api/v1/grants"], Uses(bench));
    }

    [Fact]
    public async Task Cannot_be_disabled_while_nobody_else_could_sign_in()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.KeyOfAsync("ben", "admin");

        var refused = await bench.SendAsync("POST", "break-glass/disable");

        Assert.Equal(409, refused.Status);
        var why = (string?)refused.Json!["detail"];
        Assert.Contains("with the role admin and a password", why, StringComparison.Ordinal);
        Assert.Equal(200, (await bench.SendAsync("GET", "grants")).Status);
    }

    [Fact]
    public async Task Opens_nothing_once_it_is_disabled_and_another_one_can_be_made()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.SendAsync("POST", "operators", Ana.DeepClone());
        var ana = await bench.KeyOfAsync("ana");

        Assert.Equal(200, (await bench.SendAsync("POST", "break-glass/disable")).Status);

        Assert.Equal(401, (await bench.SendAsync("GET", "grants")).Status);
        Assert.Equal("off", (string?)(await bench.SendAsync("GET", "break-glass", key: ana)).Json!["state"]);
        var enabled = await bench.SendAsync("POST", "break-glass/enable", key: ana);
        Assert.Equal(200, (await bench.SendAsync("GET", "grants", key: (string)enabled.Json!["key"]!)).Status);
        Assert.Equal(401, (await bench.SendAsync("GET", "grants")).Status);
        Assert.Equal("ana", bench.Changes()[^1].GetProperty("by").GetString());
    }

    [Fact]
    public async Task Leaves_an_administrator_while_it_is_disabled()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.SendAsync("POST", "operators", Ana.DeepClone());
        var ana = await bench.KeyOfAsync("ana");
        await bench.SendAsync("POST", "break-glass/disable");
        var less = new JsonObject { ["roles"] = new JsonArray("editor") };

        Assert.Equal(409, (await bench.SendAsync("POST", "operators/ana/disable", key: ana)).Status);
        Assert.Equal(409, (await bench.SendAsync("PUT", "operators/ana", less, ifMatch: "*", key: ana)).Status);
        Assert.Equal(409, (await bench.SendAsync("DELETE", "operators/ana", ifMatch: "*", key: ana)).Status);
        Assert.Equal(200, (await bench.SendAsync("GET", "operators", key: ana)).Status);

        var ben = Ana.DeepClone().AsObject();
        ben["name"] = "ben";
        await bench.SendAsync("POST", "operators", ben, key: ana);
        Assert.Equal(200, (await bench.SendAsync("POST", "operators/ana/disable", key: ana)).Status);
    }

    [Fact]
    public async Task Leaves_one_of_two_administrators_who_take_each_other_away_at_one_instant()
    {
        await using var bench = await AdminBench.StartAsync();
        var ben = Ana.DeepClone().AsObject();
        ben["name"] = "ben";
        await bench.SendAsync("POST", "operators", Ana.DeepClone());
        await bench.SendAsync("POST", "operators", ben.DeepClone());
        var keys = (Ana: await bench.KeyOfAsync("ana"), Ben: await bench.KeyOfAsync("ben"));
        await bench.SendAsync("POST", "break-glass/disable");

        for (var round = 0; round < 20; round++)
        {
            var both = await Task.WhenAll(
                Task.Run(() => bench.SendAsync("DELETE", "operators/ben", ifMatch: "*", key: keys.Ana)),
                Task.Run(() => bench.SendAsync("DELETE", "operators/ana", ifMatch: "*", key: keys.Ben)));
            Assert.True(both.Count(static reply => reply.Status == 204) <= 1, $"Both in round {round}.");
            if (both[0].Status == 204)
                keys.Ben = await AgainAsync("ben", ben, keys.Ana);
            else if (both[1].Status == 204)
                keys.Ana = await AgainAsync("ana", Ana, keys.Ben);
        }

        async Task<string> AgainAsync(string name, JsonObject account, string by)
        {
            Assert.Equal(201, (await bench.SendAsync("POST", "operators", account.DeepClone(), key: by)).Status);
            var made = await bench.SendAsync(
                "POST", $"operators/{name}/keys", new JsonObject { ["name"] = "again" }, key: by);
            return (string)made.Json!["key"]!;
        }
    }

    [Fact]
    public async Task Is_the_files_where_the_file_has_one()
    {
        const string key = "admin-key-of-the-file";
        await using var bench = await AdminBench.StartAsync($$"""{ "admin": { "key": "{{key}}" } }""");
        await bench.SendAsync("POST", "operators", Ana.DeepClone(), key: key);

        var refused = await bench.SendAsync("POST", "break-glass/disable", key: key);

        Assert.Equal(409, refused.Status);
        Assert.Contains("Remove it there", (string?)refused.Json!["detail"], StringComparison.Ordinal);
        Assert.Equal("file", (string?)(await bench.SendAsync("GET", "break-glass", key: key)).Json!["origin"]);
    }

    [Fact]
    public async Task Stays_disabled_over_a_restart_and_the_file_is_the_way_back_in()
    {
        using var folder = new TestFolder("gateway-admin-");
        string printed;
        await using (var host = await StartAsync(folder, null))
        {
            printed = host.NewAdminKey!;
            await SendAsync(host, printed, "operators", Ana.ToJsonString());
            Assert.Equal(200, await SendAsync(host, printed, "break-glass/disable", "{}"));
        }

        await using (var host = await StartAsync(folder, null))
        {
            Assert.Null(host.NewAdminKey);
            Assert.Equal(401, await SendAsync(host, printed, "break-glass/disable", "{}"));
        }

        const string key = "admin-key-of-the-file";
        await using (var host = await StartAsync(folder, $$"""{ "admin": { "key": "{{key}}" } }"""))
            Assert.Equal(200, await SendAsync(host, key, "operators/ana/disable", "{}"));
    }

    private static IEnumerable<string> Uses(AdminBench bench) =>
        AuditTrail.Read(Path.Combine(bench.Folder, "data", "audit"))
            .Where(static record => record.GetProperty("kind").GetString() == "access")
            .Select(static record => $"{record.GetProperty("method")} {record.GetProperty("path")}");

    private static async Task<GatewayHost> StartAsync(TestFolder folder, string? config)
    {
        var path = Path.Combine(folder.Path, "gateway.json");
        if (config is not null)
            await File.WriteAllTextAsync(path, config);
        return await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = config is null ? null : path },
            },
            CancellationToken.None);
    }

    private static async Task<int> SendAsync(GatewayHost host, string key, string path, string body)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync(new Uri($"{host.Addresses[0]}/api/v1/{path}"), content);
        return (int)response.StatusCode;
    }
}
