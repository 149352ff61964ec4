using System.Security.Cryptography;

namespace Gateway.Fleet.Tests.Migrations;

/// <summary>A gateway's content is moved from its data directory to PostgreSQL, and back.</summary>
public sealed class MigrationTests() : FleetTest($$"""
    { "version": "1", "default": "deny", "tools": {
      "monthly": { "limits": [ { "counter": "monthly", "window": "month", "max": {{Max}} } ] },
      "rolling": { "limits": [ { "counter": "rolling", "kind": "sliding", "window": "day", "max": {{Max}} } ] },
      "poured": { "limits": [ { "counter": "poured", "kind": "bucket", "window": "30d", "max": {{Max}} } ] },
      "zoned": { "limits": [ { "counter": "zoned", "window": "month", "zone": "Europe/Berlin", "max": {{Max}} } ] },
      "brief": { "limits": [ { "counter": "brief", "window": "2s", "max": 5 } ] },
      "each": { "limits": [
        { "counter": "each", "window": "month", "max": {{Max}}, "by": "args.to", "keys_max": 5 } ] } } }
    """), IDisposable
{
    private const int Max = 60;
    private const int CallsMax = 4 * Max;
    private const string ToAna = """{"to":"ana"}""";
    private static readonly string[] Lasting = ["monthly", "rolling", "poured", "zoned"];
    private static readonly string[] Expected =
    [
        MigrationLoad.Admitted, MigrationLoad.Refused, MigrationLoad.Unavailable, MigrationLoad.Unready,
        MigrationLoad.NotConnected,
    ];

    private readonly TestFolder _folder = new("gateway-migrate-");

    public void Dispose() => _folder.Dispose();

    private string Url => Bench.Database.Url();

    private string Data => PathOf("data");

    [ClusterFact]
    public async Task Under_load_every_call_is_answered_and_no_limit_admits_more()
    {
        var port = Ports.Free();
        await using var load = new MigrationLoad(port, [.. Lasting, "brief"]);
        await using var migrate = await MoveUnderLoadAsync(port, load);
        await using var moved = await migrate.NextAsync();
        var before = load.Of(MigrationLoad.Refused) + load.Of(MigrationLoad.Admitted);
        await Soon.UntilAsync(
            () => load.Of(MigrationLoad.Refused) + load.Of(MigrationLoad.Admitted) > before + 20,
            "the gateway on the database decides calls");
        await load.StopAsync();

        await Task.WhenAll(Lasting.Select(tool => moved.Agent(tool).ExhaustAsync(CallsMax)));
        Assert.All(Lasting, tool => Assert.Equal(Max, Bench.Server.Seen(tool)));
        Assert.Equal("", string.Join("\n", load.Answers.Keys.Except(Expected)));
        var ledger = new PermitLedger(moved);
        ledger.AssertExact("monthly", Max);
        ledger.AssertExact("brief", 5);
        ledger.AssertCovers(Bench.Server.CallIds());
        Bench.Server.AssertNoCallTwice();
    }

    [ClusterFact]
    public async Task Content_that_was_moved_and_moved_back_is_the_same_byte_for_byte()
    {
        await MakeContentAsync();
        var before = Digests(Data);
        Assert.Contains("Nothing was changed.", await RunAsync(0, Move("--dry-run")), StringComparison.Ordinal);
        Assert.Equal("0", await QueryAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'gateway'"));

        await RunAsync(0, Move());
        Assert.Contains("was moved to postgres://", await StartRefusedAsync("--data", Data), StringComparison.Ordinal);
        Assert.Contains("is already in postgres://", await RunAsync(0, Move()), StringComparison.Ordinal);
        Assert.Contains("is not empty", await RunAsync(2, ["--from", PathOf("other"), "--to", Url]),
            StringComparison.Ordinal);
        await RunAsync(0, ["--from", Url, "--to", PathOf("back")]);

        Assert.Equal([], before.Except(Digests(PathOf("back"))));
        Assert.Equal(before.Keys, Digests(PathOf("back")).Keys);
        Assert.Contains(
            "was moved to", await StartRefusedAsync("--store", Url, "--data", PathOf("audit-only")),
            StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => QueryAsync("DELETE FROM gateway.control_documents"));
        await CountsAreKeptAsync("back");
    }

    [ClusterFact]
    public async Task Undo_opens_the_source_again_until_a_gateway_has_started_on_the_target()
    {
        await MakeContentAsync();
        await RunAsync(0, Move());
        Assert.Contains("can be used again", await RunAsync(0, Move("--undo")), StringComparison.Ordinal);
        await RunAsync(0, Move());
        await using (await GatewayProcess.StartAsync(
            new GatewayPlace(), ["--store", Url, "--config", Bench.ConfigPath, "--data", Data]))
        {
            Assert.Contains("has started", await RunAsync(2, Move("--undo")), StringComparison.Ordinal);
        }

        var back = (string[])["--from", Url, "--to", Data];
        Assert.Contains("--replace", await RunAsync(2, back), StringComparison.Ordinal);
        await RunAsync(0, [.. back, "--replace"]);
        await CountsAreKeptAsync("data");
    }

    [ClusterFact, Trait("run", "full")]
    public async Task Killed_at_each_step_it_goes_on_and_loses_nothing()
    {
        await MakeContentAsync();
        var before = Digests(Data);
        await KillAtEachStepAsync(Move());
        await RunAsync(0, Move());
        var back = (string[])["--from", Url, "--to", PathOf("back")];
        await KillAtEachStepAsync(back);
        await RunAsync(0, back);

        Assert.Equal([], before.Except(Digests(PathOf("back"))));
        Assert.Equal(before.Keys, Digests(PathOf("back")).Keys);
        await StartRefusedAsync("--data", Data);
        await StartRefusedAsync("--store", Url, "--data", PathOf("audit-only"));
        await CountsAreKeptAsync("back");
    }

    /// <summary>Killed before the target is full, and both stores are closed until it is run again.</summary>
    private async Task KillAtEachStepAsync(string[] arguments)
    {
        for (var step = 1; step <= 4; step++)
        {
            await using var migrate = MigrateProcess.Start(_folder.Path, arguments);
            await migrate.SaysAsync($"{step}/4");
            await migrate.KillAsync();
        }
    }

    private async Task<StartingGateway> MoveUnderLoadAsync(int port, MigrationLoad load)
    {
        await using var old = await StartAsync(port);
        load.Start();
        await Bench.Server.ReachAsync(Max);
        var migrate = MigrateProcess.Start(_folder.Path, Move());
        Assert.True(await migrate.SaysAsync("waiting for"));
        // The copy is held up, so that the next gateway certainly has to wait for it.
        migrate.Pause();
        old.Terminate();
        await old.WaitForExitAsync();
        var next = StartAsync(port, "--store", Url);
        await Soon.UntilAsync(() => load.Of(MigrationLoad.Unready) > 0, "a call is answered 503 with Retry-After");
        migrate.Resume();
        return new StartingGateway(migrate, next, Data);
    }

    private Task<GatewayProcess> StartAsync(int port, params string[] more) => GatewayProcess.StartProgramAsync(
        new GatewayPlace(), Programs.Gateway,
        ["run", "--config", Bench.ConfigPath, "--data", Data, "--listen", $"http://127.0.0.1:{port}", .. more]);

    /// <summary>Policies, a grant, a history, and counters in the middle of their windows.</summary>
    private async Task MakeContentAsync()
    {
        await using var gateway = await GatewayProcess.StartAsync(Bench.ConfigPath, Data);
        var grant = await TestGrant.MakeAsync(gateway, "bot");
        await TestGrant.MakeAsync(gateway, "kept");
        await grant.RevokeAsync();
        using (var client = gateway.Client(FleetBench.AdminKey))
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", "*");
            foreach (var end in (string[])[" ", "\n"])
            {
                using var content = new StringContent(
                    """{ "version": "1",  "default": "deny" }""" + end, Encoding.UTF8, "application/json");
                using var set = await client.PutAsync(new Uri(gateway.Address, "/api/v1/policies/spaced"), content);
                Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
            }
        }

        var history = new CallHistory("before");
        foreach (var tool in (string[])[.. Lasting, "each"])
        {
            for (var i = 0; i < 7; i++)
                Assert.Equal(CallOutcome.Admitted, await new Agent(gateway.Client(), tool, history, ToAna).CallAsync());
        }

        gateway.Terminate();
        await gateway.WaitForExitAsync();
    }

    /// <summary>A gateway over this directory admits what the limits have left, and not one call more.</summary>
    private async Task CountsAreKeptAsync(string data)
    {
        await using var gateway = await GatewayProcess.StartAsync(Bench.ConfigPath, PathOf(data));
        var history = new CallHistory("after");
        foreach (var tool in (string[])[.. Lasting, "each"])
        {
            await new Agent(gateway.Client(), tool, history, ToAna).ExhaustAsync(CallsMax);
            Assert.Equal(Max, Bench.Server.Seen(tool));
        }
    }

    private string[] Move(params string[] more) => ["--from", Data, "--to", Url, .. more];

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private Task<string> QueryAsync(string sql) => Bench.Database.QueryAsync(sql);

    private async Task<string> RunAsync(int exitCode, string[] arguments)
    {
        var run = await new Cli(_folder.Path).RunAsync(["migrate", .. arguments]);
        Assert.True(run.ExitCode == exitCode, $"{run.ExitCode}: {run.Output}{run.Errors}");
        Assert.DoesNotContain("p@ss", run.Output + run.Errors, StringComparison.Ordinal);
        return run.Output + run.Errors;
    }

    private async Task<string> StartRefusedAsync(params string[] options)
    {
        var run = await new Cli(_folder.Path).RunAsync(
            ["run", "--config", Bench.ConfigPath, "--listen", "http://127.0.0.1:0", .. options]);
        Assert.Equal(2, run.ExitCode);
        return run.Errors;
    }

    private static SortedDictionary<string, string> Digests(string data) => new(
        ((string[])["control", "control-archive"])
            .SelectMany(part => Directory.EnumerateFiles(Path.Combine(data, part), "*", SearchOption.AllDirectories))
            // The revision is in the documents too; the file says it only after a document was deleted.
            .Where(static path => Path.GetFileName(path) is not ("lock" or "revision"))
            .ToDictionary(
                path => Path.GetRelativePath(data, path),
                static path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))),
        StringComparer.Ordinal);

    private sealed class StartingGateway(MigrateProcess migrate, Task<GatewayProcess> next, string data)
        : IAsyncDisposable
    {
        public async Task<FleetMember> NextAsync()
        {
            await migrate.CompleteAsync();
            return new FleetMember("moved", await next, data);
        }

        public ValueTask DisposeAsync() => migrate.DisposeAsync();
    }
}
