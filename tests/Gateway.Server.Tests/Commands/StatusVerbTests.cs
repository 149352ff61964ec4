using Gateway.Admin.Records;
using Gateway.Hosting.Commands.Remote;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Commands;

/// <summary>How a gateway stands, on one screen.</summary>
public sealed class StatusVerbTests
{
    [Fact]
    public async Task Shows_what_there_is_and_what_needs_a_person()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        var cli = Shell(bench);
        var before = await WellAsync(cli, "status");
        Assert.Matches("(?m)^status +ready$", before);
        Assert.Matches("(?m)^crm +unknown +- +-$", before);
        Assert.Matches("No grant was refused since the start of the gateway at 20[^ ]+\\.", before);

        // Three in a month, so the last two are refused.
        for (var call = 0; call < 5; call++)
            await bench.CallAsync(token);
        await bench.SendAsync("POST", "servers/crm/pause");
        var after = await WellAsync(cli, "status");

        Assert.Matches(@"(?m)^gateway +http://127\.0\.0\.1:\d+/ .+, up \d+ (s|min)$", after);
        Assert.Matches("(?m)^engine +journal, ok$", after);
        Assert.Matches(
            "(?m)^audit +ok; 0 of at most 8192 queued; [0-9.]+ .B free on its volume; "
                + "keeps [1-9][0-9.]* kB of [0-9.]+ .B$",
            after);
        Assert.Matches("(?m)^file +none$", after);
        Assert.Matches("(?m)^approvals +none open$", after);
        Assert.Matches("(?m)^paused +server crm$", after);
        Assert.Matches("(?m)^crm +paused +20", after);
        Assert.Matches("(?m)^bot +2 +20.+ /tools/list_customers/limits/0$", after);
        var json = JsonNode.Parse(await WellAsync(cli, "status", "--json"))!;
        Assert.Equal(2, (long)json["refusedLastHour"]![0]!["count"]!);
        Assert.Equal("ok", (string?)json["serverStates"]![0]!["health"]);
    }

    [Fact]
    public async Task Shows_no_good_state_while_every_call_is_paused_or_fails()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        await bench.CallAsync(token);
        await bench.SendAsync("POST", "pause");

        var paused = await WellAsync(Shell(bench), "status");

        Assert.Matches("(?m)^status +paused$", paused);
        Assert.Matches("(?m)^crm +paused +20", paused);
        await bench.SendAsync("POST", "resume");
        await bench.Server.DisposeAsync();
        await bench.CallAsync(token);
        Assert.Matches("(?m)^status +degraded$", await WellAsync(Shell(bench), "status"));
        Assert.Equal("degraded", (string?)(await bench.SendAsync("GET", "status")).Json!["state"]);
    }

    [Fact]
    public async Task Does_not_wait_for_ever_for_a_gateway_that_is_stopped()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var client = new AdminClient(
            new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"), "key", TimeSpan.FromSeconds(1));

        var late = await Assert.ThrowsAsync<TimeoutException>(
            () => client.GetAsync("status", CancellationToken.None).WaitAsync(Soon.AtMost));

        Assert.Equal("no response within 1 s", late.Message);
    }

    [Fact]
    public async Task Says_which_server_gives_no_answer_and_that_it_does_again()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        await bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = "http://127.0.0.1:1/mcp" }, "*");
        await bench.CallAsync(token);
        Assert.Matches("(?m)^crm +unreachable +20.+ .*connect", await WellAsync(Shell(bench), "status"));

        await bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = bench.Server.Address.ToString() }, "*");
        Assert.Matches("(?m)^crm +unknown +- +-$", await WellAsync(Shell(bench), "status"));
        await bench.CallAsync(token);

        Assert.Matches("(?m)^crm +ok +20[^ ]+ +-$", await WellAsync(Shell(bench), "status"));
    }

    [Fact]
    public async Task Counts_the_warnings_of_the_file_and_says_when_it_is_refused()
    {
        await using var bench = await AdminBench.StartAsync("""{ "servers": {} }""");
        Assert.Matches("(?m)^file +.+gateway.json, active since 20", await WellAsync(Shell(bench), "status"));
        await File.WriteAllTextAsync(Path.Combine(bench.Folder, "gateway.json"), """{ "grants": 3 }""");
        await Soon.UntilAsync(
            async () => (await WellAsync(Shell(bench), "status")).Contains("NOT VALID", StringComparison.Ordinal),
            "the refused file is shown");

        Assert.Contains("/grants", await WellAsync(Shell(bench), "status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_what_is_allowed_and_probably_not_meant()
    {
        const string Contradiction = """
            { "version": "1", "default": "deny",
              "tools": { "a": { "action": "deny", "rate_limit": { "max": 1, "window": "7d" } } } }
            """;
        await using var bench = await AdminBench.StartAsync(
            $$"""{ "policies": { "filed": {{Contradiction}} } }""");
        await bench.SendAsync("PUT", "policies/stored", JsonNode.Parse(Contradiction));

        var status = await WellAsync(Shell(bench), "status");

        Assert.Matches("(?m)^file +.+; 1 warning$", status);
        Assert.Matches("(?m)^stored +.+; 1 warning$", status);
        Assert.Matches("policy stored:.+ at /tools/a/rate_limit: .+ refuses every call", status);
        Assert.Matches("gateway.json:.+ at /policies/filed/tools/a/rate_limit: .+ refuses every call", status);
    }

    [Fact]
    public async Task Exits_with_1_and_the_reason_where_it_is_not_ready()
    {
        var time = new LeapingWall();
        await using var bench = await AdminBench.StartAsync(time: time);
        time.Leap(TimeSpan.FromHours(1));

        var run = await Shell(bench).RunAsync("status");

        Assert.Equal(1, run.ExitCode);
        Assert.Matches("(?m)^status +not ready$", run.Output);
        Assert.Matches("(?m)^because +the limit engine cannot decide: .+", run.Output);
    }

    [Fact]
    public async Task Ready_needs_no_key_and_exits_with_1_and_the_reason_where_the_gateway_is_not_ready()
    {
        var time = new LeapingWall();
        await using var bench = await AdminBench.StartAsync(time: time);
        var cli = new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]));

        Assert.Equal("ready\n", await WellAsync(cli, "ready"));
        time.Leap(TimeSpan.FromHours(1));
        // The engine notices the leap when it next reads the clock.
        var run = await cli.RunAsync("ready");
        await Soon.UntilAsync(
            async () => (run = await cli.RunAsync("ready")).ExitCode != 0, "the gateway is not ready");

        Assert.Equal(1, run.ExitCode);
        Assert.Matches("^not ready: the limit engine cannot decide: .+", run.Output);
        bench.Host.Services.GetRequiredService<AttentionWatch>().Check();
        Assert.EndsWith(
            "\nThe gateway decides no calls\n", (await cli.RunAsync("ready")).Output, StringComparison.Ordinal);
        Assert.Equal(3, (await cli.RunAsync("ready", "--gateway", "http://127.0.0.1:1")).ExitCode);
    }

    [Theory]
    [InlineData(2, "GATEWAY_ADMIN_KEY", "--admin-key", "wrong")]
    [InlineData(2, "is not the address of a gateway", "--gateway", "nowhere")]
    [InlineData(3, "cannot be reached", "--gateway", "http://127.0.0.1:1")]
    public async Task Says_what_is_wrong_with_how_it_was_asked(int exitCode, string said, params string[] options)
    {
        await using var bench = await AdminBench.StartAsync();

        var run = await Shell(bench).RunAsync(["status", .. options]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    private static Cli Shell(AdminBench bench) =>
        new(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey);

    private static async Task<string> WellAsync(Cli cli, params string[] arguments)
    {
        var run = await cli.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Output} {run.Errors}");
        return run.Output;
    }

    /// <summary>A wall clock that leaps while the monotonic one goes on, as where somebody sets it.</summary>
    private sealed class LeapingWall : TimeProvider
    {
        private long _ticks;

        public void Leap(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _ticks));
    }
}
