using Gateway.Mcp.Protocol;

namespace Gateway.Fleet.Tests.Upgrade;

/// <summary>What an older version left on disk and in the database is in force under this one.</summary>
public abstract class UpgradeTests(string version)
{
    private const string Done = "\"done\"";

    [FakeTimeFact]
    public async Task Goes_on_from_the_data_directory_of_the_version_before()
    {
        var kept = KeptState.Of(version, "files");
        await using var bench = await UpgradeBench.StartAsync(kept);
        bench.UnpackData();
        await using var gateway = await bench.StartGatewayAsync(kept.Made.AddSeconds(30));

        await AssertGrantsAsync(bench, gateway);
        Assert.Equal(2, await SentAsync(bench, gateway));
        await AssertCountsAsync(bench, gateway, TimeSpan.FromSeconds(30), isSameMonth: true);
        await AssertApprovalsAsync(bench, gateway, kept);
        await AssertSpentAsync(bench, gateway);
        await AssertRecordAsync(bench, gateway);
        await AssertOperatorsAsync(bench, gateway, kept, TimeSpan.FromSeconds(30));
        await AssertVersionsAsync(bench, gateway);
    }

    [ClusterFact]
    public async Task Goes_on_from_the_database_of_the_version_before()
    {
        var kept = KeptState.Of(version, "postgres");
        await using var bench = await UpgradeBench.StartAsync(kept);
        await using var database = await PostgresCluster.StartNewAsync();
        await PostgresBinaries.RunAsync("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", database.Url(), "-c", Dump(kept));
        await using var gateway = await bench.StartGatewayAsync(null, "--store", database.Url());

        await AssertGrantsAsync(bench, gateway);
        // A window of the same month still holds the three calls that were counted then.
        var now = TimeProvider.System.GetUtcNow();
        var isSameMonth = (now.Year, now.Month) == (kept.Made.Year, kept.Made.Month);
        Assert.Equal(isSameMonth ? 2 : 5, await SentAsync(bench, gateway));
        await AssertCountsAsync(bench, gateway, now - kept.Made, isSameMonth);
        await AssertOperatorsAsync(bench, gateway, kept, now - kept.Made);
        await AssertVersionsAsync(bench, gateway);
    }

    /// <summary>The grants that were kept.</summary>
    private protected virtual string[] Grants => ["paused-bot", "support-bot"];

    /// <summary>What the first change of the policy is called; the first versions kept no history of it.</summary>
    private protected virtual string? FirstChange => null;

    /// <summary>What only this version counted.</summary>
    private protected virtual Task AssertCountsAsync(
        UpgradeBench bench, GatewayProcess gateway, TimeSpan since, bool isSameMonth) => Task.CompletedTask;

    /// <summary>The dump without the commands of psql, which one <c>-c</c> does not take.</summary>
    private static string Dump(KeptState kept) => string.Join(
        '\n', File.ReadLines(kept.PathOf("database.sql")).Where(line => !line.StartsWith('\\')));

    private async Task AssertGrantsAsync(UpgradeBench bench, GatewayProcess gateway)
    {
        var grants = (await bench.ReadAsync(gateway, "grants"))["items"]!.AsArray();
        Assert.Equal(Grants, grants.Select(g => (string)g!["name"]!).Order());
        // None has labels, so a selector finds all of them by what they lack.
        var unlabeled = (await bench.ReadAsync(gateway, "grants?selector=!team,env!=prod"))["items"]!.AsArray();
        Assert.Equal(Grants, unlabeled.Select(g => (string)g!["name"]!).Order());
        Assert.Empty((await bench.ReadAsync(gateway, "grants?selector=team"))["items"]!.AsArray());
        Assert.Equal(401, (await bench.CallAsync(gateway, "revoked", "send_message", "{}")).Status);
        Assert.DoesNotContain(Done, (await bench.CallAsync(gateway, "paused", "send_message", "{}")).Body);
        Assert.Empty(Calls(bench));
    }

    /// <summary>Calls until refused; each call that arrives has the kept session and credential.</summary>
    private static async Task<int> SentAsync(UpgradeBench bench, GatewayProcess gateway)
    {
        var last = Done;
        for (var i = 0; i < 10 && last.Contains(Done, StringComparison.Ordinal); i++)
            last = (await bench.CallAsync(gateway, "bot", "send_message", """{"to":"anna"}""")).Body;

        Assert.True(last.Contains("\"rate_limited\"", StringComparison.Ordinal), last);
        Assert.All(Calls(bench), request =>
        {
            Assert.Equal("session-of-the-server", request.Headers["Mcp-Session-Id"]);
            Assert.Equal("Bearer the-credential-of-the-server", request.Headers["Authorization"]);
        });
        return Calls(bench).Length;
    }

    /// <summary>What arrived of agents; the gateway may ask by itself what the server is.</summary>
    private static RecordedRequest[] Calls(UpgradeBench bench) => [.. bench.Server.Requests.Where(
        static request => request.Text.Contains(McpMethods.ToolsCall, StringComparison.Ordinal))];

    private static async Task AssertApprovalsAsync(UpgradeBench bench, GatewayProcess gateway, KeptState kept)
    {
        Assert.Contains(Done, (await bench.CallAsync(gateway, "bot", "pay", """{"amount":10.50}""")).Body);
        Assert.Contains(kept["waiting"], (await bench.CallAsync(gateway, "bot", "pay", """{"amount":30.00}""")).Body);
        var open = (await bench.ReadAsync(gateway, "approvals?state=open"))["items"]!.AsArray();
        Assert.Equal(kept["waiting"], (string)Assert.Single(open)!["id"]!);
        Assert.Contains("30.00", open[0]!.ToJsonString());
    }

    private static async Task AssertSpentAsync(UpgradeBench bench, GatewayProcess gateway)
    {
        var counters = (await bench.ReadAsync(gateway, "counters?grant=support-bot"))["items"]!.AsArray();
        var paid = Assert.Single(counters, counter => (string)counter!["counter"]! == "paid")!;
        Assert.Equal("30.75", paid["used"]!.ToString());
    }

    private static async Task AssertRecordAsync(UpgradeBench bench, GatewayProcess gateway)
    {
        var records = (await bench.ReadAsync(gateway, "audit?kind=decision&limit=1000"))["items"]!.AsArray();
        Assert.Contains(records, record => (string?)record!["tool"] == "drop_everything");
        // Three of before; two and a refusal of now; what a busy machine kept from its store came again.
        Assert.Equal(6, records.Count(static record => (string?)record!["tool"] == "send_message"
            && (string?)record["outcome"] != "unavailable" && (string?)record["rule"] != "(paused)"));
        Assert.Single(records, static record => (string?)record!["rule"] == "(paused)");
    }

    /// <summary>What the version before set is kept when this one replaces it.</summary>
    private async Task AssertVersionsAsync(UpgradeBench bench, GatewayProcess gateway)
    {
        var was = (await bench.ReadAsync(gateway, "policies/support/versions"))["items"]!.AsArray();
        var number = (long)Assert.Single(was)!["version"]!;
        await bench.PostAsync(gateway, $"policies/support/versions/{number}/restore", "{}", ifMatch: "*");
        var now = (await bench.ReadAsync(gateway, "policies/support/versions"))["items"]!.AsArray();
        Assert.Equal(["restore", FirstChange], now.Select(static one => (string?)one!["action"]));
        Assert.Equal(number, (long)now[1]!["version"]!);
    }

    /// <summary>The key from before makes the first operator, and goes on as it did.</summary>
    private protected virtual async Task AssertOperatorsAsync(
        UpgradeBench bench, GatewayProcess gateway, KeptState kept, TimeSpan since)
    {
        Assert.Empty((await bench.ReadAsync(gateway, "operators"))["items"]!.AsArray());
        await bench.PostAsync(gateway, "operators", """{ "name": "ana", "roles": ["viewer"] }""");
        var made = await bench.PostAsync(gateway, "operators/ana/keys", """{ "name": "laptop" }""");
        using var client = gateway.Client((string)made["key"]!);
        Assert.Contains("support-bot", await client.GetStringAsync(new Uri(gateway.Address, "/api/v1/grants")));
        Assert.Single((await bench.ReadAsync(gateway, "operators"))["items"]!.AsArray());
    }
}
