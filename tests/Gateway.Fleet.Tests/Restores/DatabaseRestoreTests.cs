namespace Gateway.Fleet.Tests.Restores;

/// <summary>A database is backed up while a fleet uses it, and restored into another one of the same server.</summary>
public sealed class DatabaseRestoreTests() : FleetTest("""
    { "version": "1", "default": "deny", "tools": {
      "monthly": { "limits": [ { "counter": "monthly", "window": "month", "max": 20 } ] },
      "brief": { "limits": [ { "counter": "brief", "window": "2s", "max": 5 } ] },
      "each": { "limits": [ { "counter": "each", "window": "2s", "max": 5, "by": "args.to", "keys_max": 5 } ] } } }
    """), IDisposable
{
    private const string Rows = "SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM ";

    // What the fleet writes by itself while the copy is made and compared.
    private const string Documents = Rows + "gateway.control_documents t WHERE kind NOT IN ('last-used', "
        + "'checkpoints')";
    private const string History = Rows + "gateway.control_archive t WHERE shelf IN ('history', 'policies/kept')";
    private readonly TestFolder _folder = new("gateway-restore-");

    public void Dispose() => _folder.Dispose();

    [ClusterFact]
    public async Task A_restored_database_has_the_same_documents_and_closes_the_windows_that_had_begun()
    {
        var store = Bench.Database.Url();
        await using var member = await Bench.StartAsMemberAsync("member");
        var grant = await TestGrant.MakeAsync(member.Process, "bot");
        await SetAsync(member, "kept", """{ "version": "1", "default": "deny" }""");
        await SetAsync(member, "kept", "{ \"version\": \"1\",\t\"default\": \"deny\" } ");
        Assert.Equal(CallOutcome.Admitted, await member.Agent("monthly").CallAsync());
        var each = new Agent(member.Process.Client(), "each", member.History, """{"to":"ana"}""");
        Assert.Equal(CallOutcome.Admitted, await each.CallAsync());

        await RunAsync("backup", "fleet.backup", "--store", store, "--data", member.Data, "--key-file", KeyFile);
        var (documents, history) = (await QueryAsync(Documents), await QueryAsync(History));
        await member.Agent("monthly").ExhaustAsync(100);
        string[] restore = ["restore", "fleet.backup", "--key-file", KeyFile, "--revoked", _folder.File("none", "")];
        var used = await Cli().RunAsync([.. restore, "--store", store, "--data", "a", "--replace"]);
        await Bench.Database.QueryAsync("CREATE DATABASE copied");
        var copied = store.Replace("/postgres?", "/copied?", StringComparison.Ordinal);
        var printed = await RunAsync([.. restore, "--store", copied, "--data", "b"]);
        var full = await Cli().RunAsync([.. restore, "--store", copied, "--data", "c"]);

        Assert.Equal((2, 2), (used.ExitCode, full.ExitCode));
        Assert.Contains("is in use by the gateways at ", used.Errors, StringComparison.Ordinal);
        Assert.Contains("is not empty", full.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("p@ss", printed + used.Errors + full.Errors, StringComparison.Ordinal);
        Assert.Equal(documents, await QueryAsync(Documents, copied));
        Assert.Equal(history, await QueryAsync(History, copied));
        // A release that does not know closed windows refuses the schema.
        Assert.Equal("1003", await QueryAsync("SELECT version FROM gateway.schema_version", copied));
        await member.StopAsync();
        var seen = Bench.Server.Requests.Count;

        var config = Path.Combine(_folder.Path, "gateway.json");
        File.Copy(Bench.ConfigPath, config);
        await using var restored = await GatewayProcess.StartAsync(
            new GatewayPlace(), ["--store", copied, "--config", config, "--data", Path.Combine(_folder.Path, "b")]);
        var history2 = new CallHistory("restored");
        var monthly = new Agent(restored.Client(), "monthly", history2);
        Assert.Equal(CallOutcome.Unavailable, await monthly.CallAsync());
        var bot = new Agent(restored.Client(grant.Token), "monthly", history2);
        Assert.Equal(CallOutcome.Unavailable, await bot.CallAsync());
        foreach (var tool in (string[])["brief", "each"])
        {
            var agent = new Agent(restored.Client(), tool, history2, """{"to":"ana"}""");
            await Soon.UntilAsync(
                async () => await agent.CallAsync() == CallOutcome.Admitted, $"{tool} is admitted in a new window");
        }

        Assert.Equal(seen + 2, Bench.Server.Requests.Count);
        Assert.Equal(20, Bench.Server.Requests.Count(
            static request => request.Text.Contains("\"name\":\"monthly\"", StringComparison.Ordinal)));
        // The operator accepts that this maximum may be used twice; a reset in the second of the start opens nothing.
        await Soon.UntilAsync(
            async () =>
            {
                await ResetAsync(restored, "bot");
                return await bot.CallAsync() == CallOutcome.Admitted;
            },
            "a reset opens the window");
        Assert.Equal(CallOutcome.Unavailable, await monthly.CallAsync());
    }

    private string KeyFile => _folder.File("key", "0123456789abcdef0123456789abcdef\n");

    private Task<string> QueryAsync(string sql, string? url = null) => Bench.Database.QueryAsync(sql, url);

    private static async Task SetAsync(FleetMember member, string policy, string document)
    {
        using var client = member.Process.Client(FleetBench.AdminKey);
        client.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", "*");
        using var content = new StringContent(document, Encoding.UTF8, "application/json");
        using var response = await client.PutAsync(
            new Uri(member.Process.Address, $"/api/v1/policies/{policy}"), content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task ResetAsync(GatewayProcess gateway, string grant)
    {
        var operatorOfAll = new Operator(gateway);
        using var listed = await operatorOfAll.SendAsync(HttpMethod.Get, $"counters?grant={grant}");
        var monthly = JsonNode.Parse(await listed.Content.ReadAsStringAsync())!["items"]!.AsArray()
            .Single(static one => (string?)one!["window"] == "month")!;
        using var reset = await operatorOfAll.SendAsync(
            HttpMethod.Post, "counters/reset", new JsonObject { ["key"] = (string?)monthly["key"] });
        Assert.True(reset.IsSuccessStatusCode, await reset.Content.ReadAsStringAsync());
    }

    private Cli Cli() => new(_folder.Path);

    private async Task<string> RunAsync(params string[] arguments)
    {
        var run = await Cli().RunAsync(arguments);
        // The password in the URL is warned of as gateway run does.
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output;
    }
}
