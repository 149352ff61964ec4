namespace Gateway.Server.Tests.Connections;

/// <summary>
/// Connections whose server, grant or issuer left the configuration file, and those of revoked people.
/// </summary>
public sealed class OrphanedConnectionTests
{
    [NodeFact]
    public async Task A_reload_without_a_server_or_a_grant_removes_their_connections_after_an_hour()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await ConnectionBench.StartAsync(time: time);
        await ConnectAllAsync(bench);
        Assert.All(await ListAsync(bench), static one => Assert.Null(one["problem"]));

        await RemoveAsync(bench, "servers", "wiki");
        await Soon.UntilAsync(
            async () => (await ListAsync(bench)).Count(static one => one["problem"] is not null) == 1,
            "one is orphaned");
        await RemoveAsync(bench, "grants", "people");
        await Soon.UntilAsync(
            async () => (await ListAsync(bench)).All(static one => one["problem"] is not null), "all are orphaned");
        Assert.Equal(3, (await ListAsync(bench)).Count);
        await RemovedAsync(time, () => ListAsync(bench));
        await Soon.UntilAsync(
            async () => (int)(await bench.CountsAsync())["revocations"]! > 0, "their tokens are revoked");
    }

    [NodeFact]
    public async Task A_start_without_a_grant_removes_its_connections_after_an_hour_and_keeps_them_before()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await ConnectionBench.StartAsync(time: time);
        await ConnectAllAsync(bench);
        await bench.Host.DisposeAsync();
        await RemoveAsync(bench, "grants", "people");
        await using var host = await bench.StartAgainAsync(time);
        using var client = new HttpClient { BaseAddress = new Uri(host.Addresses[0]) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", ConnectionBench.AdminKey);

        Assert.All(await CurrentAsync(), static one => Assert.Contains("its grant", (string?)one["problem"]));
        Assert.Equal(3, (await CurrentAsync()).Count);
        await RemovedAsync(time, CurrentAsync);

        async Task<List<JsonNode>> CurrentAsync() => Items(
            JsonNode.Parse(await client.GetStringAsync("/api/v1/connections"))!);
    }

    [NodeFact]
    public async Task Connections_of_an_issuer_that_is_no_longer_configured_are_removed_after_an_hour()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await ConnectionBench.StartAsync(time: time);
        await ConnectAllAsync(bench);

        await ChangeAsync(bench, static config =>
        {
            config.Remove("identity");
            var people = config["grants"]!["people"]!.AsObject();
            people.Remove("match");
            people.Remove("order");
            people["token"] = "token-of-people-0123456789";
        });

        await Soon.UntilAsync(
            async () => (await ListAsync(bench)).All(static one =>
                ((string?)one["problem"])?.Contains("issuer", StringComparison.Ordinal) == true),
            "all are orphaned");
        await RemovedAsync(time, () => ListAsync(bench));
    }

    [NodeFact]
    public async Task A_revoked_person_loses_connections_and_links_and_others_keep_theirs()
    {
        await using var bench = await ConnectionBench.StartAsync();
        await ConnectAllAsync(bench);
        using var browser = ConnectionBench.NewBrowser("ben@all");
        await bench.ConnectAsync(browser, await bench.LinkAsync(await bench.TokenOfAsync("ben"), "/mcp/wiki"), "ben");
        var link = await bench.LinkAsync(await bench.TokenOfAsync("cleo"), "/mcp/wiki");

        foreach (var person in (string[])["ana", "cleo"])
        {
            var revoked = await bench.AdminAsync("POST", "subjects/revoke", new JsonObject
            {
                ["issuer"] = "corp",
                ["subject"] = person,
            });
            Assert.Equal(200, revoked.Status);
        }

        Assert.Equal("ben", (string?)Assert.Single(await ListAsync(bench))["subject"]);
        using var hers = ConnectionBench.NewBrowser("cleo@all");
        Assert.Equal(410, (await bench.OpenAsync(hers, link, "cleo")).Status);
        await Soon.UntilAsync(
            async () => (int)(await bench.CountsAsync())["revocations"]! >= 3, "the tokens are revoked");
    }

    // The service has to see them once before an hour passes, so the clock jumps until it has.
    private static Task RemovedAsync(JumpingTime time, Func<Task<List<JsonNode>>> list) => Soon.UntilAsync(
        async () =>
        {
            time.Jump(TimeSpan.FromMinutes(61));
            return (await list()).Count == 0;
        },
        "they are removed");

    private static async Task ConnectAllAsync(ConnectionBench bench)
    {
        using var browser = ConnectionBench.NewBrowser("ana@all");
        foreach (var path in (string[])["/mcp/crm", "/mcp/erp", "/mcp/wiki"])
            await bench.ConnectAsync(browser, await bench.LinkAsync(await bench.TokenOfAsync("ana"), path), "ana");
    }

    private static async Task<List<JsonNode>> ListAsync(ConnectionBench bench) =>
        Items((await bench.AdminAsync("GET", "connections")).Json!);

    private static List<JsonNode> Items(JsonNode page) => [.. page["items"]!.AsArray().Select(static one => one!)];

    private static Task RemoveAsync(ConnectionBench bench, string kind, string name) => ChangeAsync(bench, config =>
    {
        Assert.True(config[kind]!.AsObject().Remove(name));
        if (kind == "servers")
        {
            foreach (var (_, grant) in config["grants"]!.AsObject())
                grant!["servers"]!.AsObject().Remove(name);
        }
    });

    private static async Task ChangeAsync(ConnectionBench bench, Action<JsonObject> change)
    {
        var path = Path.Combine(bench.Folder, "gateway.json");
        var config = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        change(config);
        await File.WriteAllTextAsync(path, config.ToJsonString());
    }
}
