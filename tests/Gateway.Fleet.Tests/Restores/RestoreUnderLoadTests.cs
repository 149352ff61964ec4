
namespace Gateway.Fleet.Tests.Restores;

/// <summary>
/// A backup that is an hour old takes the place of a gateway that was killed, while agents call. What was counted in
/// that hour is lost, and must not be admitted again.
/// </summary>
public sealed class RestoreUnderLoadTests : IAsyncLifetime, IDisposable
{
    private const int Max = 60;
    private const int CallsMax = 4 * Max;
    private const string Passphrase = "correct horse battery";
    private static readonly string[] Lasting = ["monthly", "rolling", "poured"];

    private static readonly string Policy = $$"""
        { "version": "1", "default": "deny", "tools": {
          "monthly": { "limits": [ { "counter": "monthly", "window": "month", "max": {{Max}} } ] },
          "rolling": { "limits": [ { "counter": "rolling", "kind": "sliding", "window": "day", "max": {{Max}} } ] },
          "poured": { "limits": [ { "counter": "poured", "kind": "bucket", "window": "30d", "max": {{Max}} } ] },
          "brief": { "limits": [ { "counter": "brief", "window": "2s", "max": 5 } ] },
          "each": { "limits": [ { "counter": "each", "window": "2s", "max": 5, "by": "args.to", "keys_max": 5 } ] } } }
        """;

    private readonly TestFolder _folder = new("gateway-restore-");
    private readonly MovableClock _clock;
    private readonly DateTimeOffset _started = TimeProvider.System.GetUtcNow();
    private RecordingServer _server = null!;
    private string _config = "";

    public RestoreUnderLoadTests() => _clock = new MovableClock(_folder);

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _config = TestConfig.Write(_folder.Path, _server.Url, Policy);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [FakeTimeFact]
    public async Task An_hour_old_backup_admits_nothing_that_its_lost_counts_could_have_admitted()
    {
        MoveToMidMonth(hours: -1);
        await using (var old = await StartAsync("old", "old"))
        {
            using var stop = new CancellationTokenSource();
            var load = Fire(old, stop.Token);
            await _server.ReachAsync(Max);
            await RunAsync("backup", "gateway.backup", "--data", "old", "--passphrase-file", PassphraseFile);
            await stop.CancelAsync();
            await load;
            await old.StopAsync();
        }

        MoveToMidMonth(hours: 0);
        await using var later = await StartAsync("later", "old");
        await Task.WhenAll(Lasting.Select(tool => later.Agent(tool).ExhaustAsync(CallsMax)));
        await later.Agent("brief").ExhaustAsync(CallsMax);
        Assert.All(Lasting, tool => Assert.InRange(_server.Seen(tool), Max - 5, Max));
        await later.Process.KillAsync();

        var printed = await RunAsync(
            "restore", "gateway.backup", "--data", "new", "--passphrase-file", PassphraseFile,
            "--revoked", _folder.File("none", ""));
        await using var restored = await StartAsync("restored", "new");
        await Task.WhenAll(Lasting.Select(tool => restored.Agent(tool).ExhaustAsync(CallsMax)));
        foreach (var tool in (string[])["brief", "each"])
        {
            var agent = new Agent(restored.Process.Client(), tool, restored.History, """{"to":"ana"}""");
            await Soon.UntilAsync(
                async () => await agent.CallAsync() == CallOutcome.Admitted, $"{tool} is admitted in a new window");
        }

        Assert.Contains(
            "closed     every window that has begun when the gateway first starts", printed, StringComparison.Ordinal);
        Assert.All(Lasting, tool => Assert.InRange(_server.Seen(tool), Max - 5, Max));
        var ledger = new PermitLedger(later, restored);
        foreach (var (counter, max) in ((string, int)[])[("monthly", Max), ("brief", 5)])
            ledger.AssertExact(counter, max);
        ledger.AssertCovers(_server.CallIds());
        _server.AssertNoCallTwice();
        Assert.NotEmpty(ledger.Unavailable);
    }

    // Not relative to the time of the run: in the first hour of a month, the hour before is in another window.
    private void MoveToMidMonth(int hours)
    {
        var middle = new DateTimeOffset(_started.Year, _started.Month, 15, 12 + hours, 0, 0, TimeSpan.Zero);
        _clock.Move($"{(long)(middle - _started).TotalSeconds:+0;-0;+0}");
    }

    private string PassphraseFile => _folder.File("passphrase", Passphrase);

    private static Task Fire(FleetMember member, CancellationToken stop) => Task.WhenAll(
        ((string[])["monthly", "rolling", "poured", "brief"]).Select(tool => member.Agent(tool).FireAsync(
            stop, TimeSpan.FromMilliseconds(20))));

    private async Task<FleetMember> StartAsync(string name, string data)
    {
        var path = Path.Combine(_folder.Path, data);
        var place = new GatewayPlace
        {
            Environment = _clock.Environment.ToDictionary(static one => one.Name, static one => one.Value),
        };
        return new FleetMember(name, await GatewayProcess.StartAsync(place, _config, path), path);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var cli = new Cli(_folder.Path);
        foreach (var (name, value) in _clock.Environment)
            cli.Environment[name] = value;
        var run = await cli.RunAsync(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Output;
    }
}
