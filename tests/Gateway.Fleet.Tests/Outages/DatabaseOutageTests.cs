namespace Gateway.Fleet.Tests.Outages;

/// <summary>The database stops and comes back: what agents and operators are told, and when.</summary>
public sealed class DatabaseOutageTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private FleetBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.Folder is null)
            return;
        _bench = await FleetBench.StartAsync("""
            { "version": "1", "default": "allow",
              "tools": {
                "counted": { "limits": [ { "counter": "all", "window": "month", "max": 1000000 } ] },
                "asked": { "action": "approve", "reason": "By a person." } } }
            """);
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [Trait("run", "full")]
    [ClusterFact]
    public async Task Serves_calls_without_limits_for_four_seconds_and_none_after_five()
    {
        await using var member = await _bench.StartAsMemberAsync("denies");
        var (free, counted) = (member.Agent("free"), member.Agent("counted"));
        // The age of what is in force goes up and down; the loss may fall into any place of it.
        for (var round = 0; round < 3; round++)
        {
            await AdmittedAsync(free, counted);
            // The database ends between these two: the one bounds from below, the other from above.
            var asked = TimeProvider.System.GetTimestamp();
            await _bench.Database.StopAsync("immediate");
            var stopped = TimeProvider.System.GetTimestamp();
            var ending = TimeProvider.System.GetElapsedTime(asked, stopped);
            var last = TimeSpan.Zero;
            using var pace = new PeriodicTimer(Pace);
            for (var began = TimeSpan.Zero; began < TimeSpan.FromSeconds(7); began = Since(stopped))
            {
                if (await free.CallAsync() == CallOutcome.Admitted)
                    last = began;
                await pace.WaitForNextTickAsync();
            }

            output.WriteLine($"the last call without limits began {last.TotalSeconds:F2} s after the end");
            Assert.InRange((ending + last).TotalSeconds, 3.5, 60);
            Assert.InRange(last.TotalSeconds, 0, 5.0);
            AssertOutage(free.Answer!, "control", "(control unavailable)");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await member.ReadinessAsync());
            await _bench.Database.StartAsync();
            await member.BecomesAsync(HttpStatusCode.OK);
        }
    }

    [ClusterFact]
    public async Task Says_that_it_is_unavailable_to_agents_in_the_record_in_figures_and_in_two_lines_a_cause()
    {
        await using var member = await _bench.StartAsMemberAsync("says");
        var (free, counted) = (member.Agent("free"), member.Agent("counted"));
        await AdmittedAsync(free, counted);

        await _bench.Database.StopAsync("immediate");
        await Soon.UntilAsync(async () => await counted.CallAsync() == CallOutcome.Unavailable, "no count");
        AssertOutage(counted.Answer!, "limits", "(engine unavailable)");
        await Soon.UntilAsync(async () => await free.CallAsync() == CallOutcome.Unavailable, "no control");
        AssertOutage(free.Answer!, "control", "(control unavailable)");
        var asked = member.Agent("asked");
        Assert.Equal(CallOutcome.Unavailable, await asked.CallAsync());
        await _bench.Database.StartAsync();
        await AdmittedAsync(free, counted);

        // A busy machine may lose its database once more for a while: each time has its two lines.
        await Soon.UntilAsync(
            () => Ended(member).Count is >= 2 and var ended && ended == Begun(member).Count, "both ends are said");
        Assert.InRange(Begun(member).Count, 2, 6);
        Assert.Equal(["cause control", "cause limits"], Causes(Begun(member)).Distinct());
        Assert.Equal(Causes(Begun(member)), Causes(Ended(member)));
        // What retries in the background adds no line for each attempt.
        Assert.Empty(Lines(member, "   at Gateway."));
        Assert.Empty(Lines(member, "waits for the control store"));
        Assert.Empty(Lines(member, "cannot be removed now"));
        var recorded = member.Audit.Where(record =>
            record.TryGetProperty("outcome", out var outcome) && outcome.GetString() == "unavailable").ToList();
        foreach (var cause in (string[])["limits", "control"])
        {
            var refused = recorded.Count(record => record.GetProperty("cause").GetString() == cause);
            Assert.InRange(refused, 1, int.MaxValue);
            Assert.Equal(refused, await FigureAsync(member, $$"""gateway_unavailable_total{cause="{{cause}}"}"""));
            Assert.Equal(refused, Ended(member).Where(line => line.Contains($"cause {cause} ")).Sum(Refused));
        }
    }

    [Trait("run", "full")]
    [ClusterFact]
    public async Task Goes_on_by_what_was_last_known_for_as_long_as_was_chosen_and_no_longer()
    {
        const int ChosenSeconds = 12;
        await using var member = await _bench.StartAsMemberAsync(
            "goes on", more: ["--on-control-loss", $"last-known:{ChosenSeconds}s"]);
        var (free, counted, asked) = (member.Agent("free"), member.Agent("counted"), member.Agent("asked"));
        await AdmittedAsync(free, counted);
        Assert.Equal(0, await FigureAsync(member, "gateway_control_last_known"));

        await _bench.Database.StopAsync("immediate");
        var stopped = TimeProvider.System.GetTimestamp();
        await Soon.UntilAsync(() => Since(stopped) > TimeSpan.FromSeconds(6), "it would have denied");
        Assert.Equal(CallOutcome.Admitted, await free.CallAsync());
        Assert.Equal(CallOutcome.Unavailable, await counted.CallAsync());
        Assert.Equal(CallOutcome.Unavailable, await asked.CallAsync());
        Assert.Equal(HttpStatusCode.OK, await member.ReadinessAsync());
        Assert.Equal(1, await FigureAsync(member, "gateway_control_last_known"));
        Assert.Equal(1, await FigureAsync(member, """gateway_fault{cause="control"}"""));

        await Soon.UntilAsync(async () => await free.CallAsync() == CallOutcome.Unavailable, "the time is over");
        Assert.InRange(Since(stopped).TotalSeconds, ChosenSeconds - 2, ChosenSeconds + 1);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await member.ReadinessAsync());
        await _bench.Database.StartAsync();
        await AdmittedAsync(free, counted);
    }

    [ClusterFact]
    public async Task Ready_while_serving_stays_ready_without_the_database_and_says_what_it_denies()
    {
        await using var member = await _bench.StartAsMemberAsync("serves", more: ["--ready-while", "serving"]);
        var (free, counted) = (member.Agent("free"), member.Agent("counted"));
        await AdmittedAsync(free, counted);
        Assert.Equal((HttpStatusCode.OK, "ready"), await member.ReadinessTextAsync());

        await _bench.Database.StopAsync("immediate");
        await Soon.UntilAsync(async () => await FigureAsync(member, "gateway_ready") == 0, "it cannot count");
        var (status, text) = await member.ReadinessTextAsync();
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("ready, and denies what it cannot decide: ", text, StringComparison.Ordinal);
        Assert.Equal(CallOutcome.Unavailable, await counted.CallAsync());
        AssertOutage(counted.Answer!, "limits", "(engine unavailable)");

        await _bench.Database.StartAsync();
        await AdmittedAsync(free, counted);
        Assert.Equal((HttpStatusCode.OK, "ready"), await member.ReadinessTextAsync());
    }

    private static void AssertOutage(string answer, string cause, string rule)
    {
        var result = JsonElement.Parse(answer).GetProperty("result");
        var decision = result.GetProperty("_meta").GetProperty("policy-gateway/decision");
        Assert.Equal("unavailable", decision.GetProperty("outcome").GetString());
        Assert.Equal(rule, decision.GetProperty("rule").GetString());
        Assert.Equal(cause, decision.GetProperty("cause").GetString());
        Assert.InRange(decision.GetProperty("retryAfterMs").GetInt32(), 1, 60_000);
        Assert.DoesNotContain("Policy violation", answer, StringComparison.Ordinal);
    }

    private static Task AdmittedAsync(params Agent[] agents) => Soon.UntilAsync(
        async () =>
        {
            var outcomes = await Task.WhenAll(agents.Select(static agent => agent.CallAsync()));
            return outcomes.All(static outcome => outcome == CallOutcome.Admitted);
        },
        "calls are served");

    private static List<string> Lines(FleetMember member, string text) =>
        [.. member.Process.Errors.Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal))];

    private static List<string> Begun(FleetMember member) => Lines(member, "The gateway itself has a problem");

    private static List<string> Ended(FleetMember member) => Lines(member, "The problem with cause");

    /// <summary>How many calls a line says were refused.</summary>
    private static int Refused(string line)
    {
        var words = line.Split(' ', ',', ';');
        return int.Parse(words[Array.IndexOf(words, "it:") + 1], CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> Causes(List<string> lines) => lines
        .Select(static line => line[line.IndexOf("cause ", StringComparison.Ordinal)..].Split(' ', ':', ',')[..2])
        .Select(static words => string.Join(' ', words)).Order(StringComparer.Ordinal);

    private static async Task<long> FigureAsync(FleetMember member, string series)
    {
        using var client = member.Process.Client();
        var text = await client.GetStringAsync("/metrics");
        var line = text.Split('\n').Single(line =>
            line.StartsWith(series + " ", StringComparison.Ordinal)
            || line.StartsWith(series + "{", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static TimeSpan Since(long timestamp) => TimeProvider.System.GetElapsedTime(timestamp);
}
