namespace Gateway.Usage.Tests.Asking;

public sealed class UsageReaderTests : IDisposable
{
    private readonly UsageFleet _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Theory]
    [InlineData("outcome", "allowed 3/0, rate_limited 2/2")]
    [InlineData("server", "crm 4/2, pay 1/0")]
    [InlineData("grant", "a 3/2, b 2/0")]
    [InlineData("tool", "crm:refund 4/2, pay:refund 1/0")]
    public async Task Sorts_calls_by_what_is_asked_for(string by, string expected)
    {
        var frontend = _fleet.Start();
        frontend.Call(2, "b");
        frontend.Call(2, "a", refusal: RefusalCategory.RateLimited);
        frontend.Call(1, "a", "pay");

        var answer = await frontend.AskAsync(("by", by));

        Assert.Equal(expected, string.Join(", ", answer.Rows.Select(static row =>
            $"{(row.Server is { } server ? server + ":" : "")}{row.Name} {row.Calls}/{row.Refused}")));
        Assert.Equal((5, 2), (answer.Calls, answer.Refused));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Charges_of_grants_and_services_are_counted_for_the_budget_but_not_as_further_calls(int hoursLater)
    {
        var frontend = _fleet.Start();
        frontend.Counts.Charge("bot", "mail", null, frontend.Clock.NowMs(), "p");
        frontend.Call(policy: "p");
        frontend.Counts.Charge("bot", "mail", RefusalCategory.RateLimited, frontend.Clock.NowMs(), "p");
        frontend.Call(refusal: RefusalCategory.RateLimited, policy: "p");
        frontend.Counts.Charge("bot", "other", null, frontend.Clock.NowMs(), "p");
        frontend.Call(grant: "service:billing", server: "(budgets)", tool: "mail");
        await frontend.EndAsync();
        _fleet.Time.Advance((hoursLater * 3_600_000L) + 180_000);
        var reader = _fleet.Start();
        await reader.WriteAsync();

        var charges = await reader.AskAsync(
            ("since", "1d"), ("step", "1h"), ("server", "(budgets)"), ("tool", "mail"), ("by", "grant"));
        var all = await reader.AskAsync(("since", "1d"), ("step", "1h"));

        Assert.Equal(
            [("bot", 2L, 1L), ("service:billing", 1, 0)],
            charges.Rows.Select(static row => (row.Name, row.Calls, row.Refused)));
        Assert.Equal((3, 1), (all.Calls, all.Refused));
    }

    [Fact]
    public async Task Only_the_budget_that_is_named_is_shown_with_its_use()
    {
        var minute = _fleet.Time.NowMs / 60_000;
        var reset = DateTimeOffset.FromUnixTimeSeconds((minute + 60) * 60);
        await _fleet.Store.PutMinuteAsync(minute, UsageStore.NewRun(), new UsageDocument(
            DateTimeOffset.FromUnixTimeSeconds(minute * 60), 1, [], [], [])
        {
            Limits =
            [
                new UsageLimitUse("(all)", "(budgets)", "mail", "day", 1, 2, reset),
                new UsageLimitUse("(all)", "(budgets)", "spend", "day", 1, 2, reset),
            ],
        }, default);

        var answer = await _fleet.Start().AskAsync(("by", "budget"), ("server", "(budgets)"), ("tool", "mail"));

        Assert.Equal("mail", Assert.Single(answer.Limits!).Name);
    }

    [Fact]
    public async Task Lists_the_tools_that_a_grant_often_calls_within_the_same_hour()
    {
        // The last of them is of minutes that nobody has summed up yet.
        for (var hour = 0; hour < 5; hour++)
        {
            var frontend = _fleet.Start();
            frontend.Call(tool: "refund");
            frontend.Call(2, tool: "get_order");
            if (hour < 2)
                frontend.Call(tool: "list_orders");
            frontend.Call(grant: "other", tool: "send_mail");
            frontend.Call(server: "pay", tool: "pay");
            await frontend.EndAsync();
            _fleet.Time.Advance(3_600_000);
        }

        var reader = _fleet.Start().Reader;
        var companions = await reader.CompanionsAsync("crm", "refund", default);

        Assert.Equal([new UsageCompanion("get_order", 5, 5)], companions);
        Assert.Empty(await reader.CompanionsAsync("crm", "send_mail", default));
        Assert.Empty(await reader.CompanionsAsync("pay", "refund", default));
    }

    [Fact]
    public async Task Shows_a_time_of_which_nobody_has_figures_as_a_gap()
    {
        var first = _fleet.Start();
        first.Call(3);
        await first.EndAsync();
        _fleet.Time.Advance(3 * 60_000);
        var second = _fleet.Start();
        second.Call(1);

        var answer = await second.AskAsync(("since", "4m"), ("step", "1m"));

        Assert.Equal([null, 3, null, null, 1], Assert.Single(answer.Rows).CallsOverTime);
        Assert.Equal([0, 1, 0, 0, 1], answer.MinutesCovered);
        Assert.Contains(answer.Notes, static note => note.Contains("3 of 5 points", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shows_an_idle_minute_as_none_and_not_as_a_gap()
    {
        var frontend = _fleet.Start();
        frontend.Call(3);
        await frontend.WriteAsync();
        _fleet.Time.Advance(60_000);
        await frontend.WriteAsync();

        var answer = await frontend.AskAsync(("since", "1m"));

        Assert.Equal([3, 0], Assert.Single(answer.Rows).CallsOverTime);
    }

    [Fact]
    public async Task Shows_an_operator_of_one_server_nothing_of_another()
    {
        var frontend = _fleet.Start();
        frontend.Call(2);
        frontend.Call(5, server: "pay", tool: "payout");

        var answer = await frontend.AskAsync(static server => server == "crm", ("by", "tool"));

        Assert.Equal("refund", Assert.Single(answer.Rows).Name);
        Assert.Equal(2, answer.Calls);
    }

    [Fact]
    public async Task Shows_the_busiest_rows_and_adds_the_rest_up()
    {
        _fleet.Options.RowsMax = 3;
        var frontend = _fleet.Start();
        for (var i = 1; i <= 30; i++)
            frontend.Call(i, tool: $"t{i:D2}");

        var answer = await frontend.AskAsync(("by", "tool"));

        Assert.Equal(3, answer.Rows.Count);
        Assert.Equal("(other)", answer.Rows[^1].Name);
        Assert.Equal(465, answer.Calls);
        Assert.Equal(465, answer.Rows.Sum(static row => row.CallsOverTime.Sum()));
    }

    [Fact]
    public async Task Keeps_hostile_names_apart_and_whole()
    {
        string[] names = ["<script>", "a\u202eb", "\u0000", "{\"x\":1}", "\ud800", "a/b\n", "(other)"];
        var frontend = _fleet.Start();
        foreach (var name in names)
            frontend.Call(tool: name);
        await frontend.EndAsync();
        _fleet.Reopen();

        var answer = await _fleet.Start().AskAsync(("by", "tool"));

        // Half a surrogate pair is no text, and JSON has none.
        Assert.Equal(
            names.Select(static name => name.Replace('\ud800', '\ufffd')).Order(StringComparer.Ordinal),
            answer.Rows.Select(static row => row.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Takes_what_cannot_be_read_for_a_gap()
    {
        var frontend = _fleet.Start();
        frontend.Call(3);
        await frontend.WriteAsync();
        var hour = _fleet.Time.NowMs / 3_600_000;
        foreach (var (run, content) in new[] { "{", "{\"cells\":[[1]]}", "[]", "null" }.Index())
        {
            await _fleet.Files.Archive.PutAsync(
                $"usage/minutes/{hour % UsageStore.HourSlots:D2}", ((hour * 60) << 37) + run + 1,
                Encoding.UTF8.GetBytes(content), 1, default);
        }

        Assert.Equal(3, (await frontend.AskAsync(("since", "1h"))).Calls);
    }

    [Fact]
    public async Task Reports_durations_and_failed_calls_of_all_frontends_over_time_and_by_name()
    {
        var (one, other) = (_fleet.Start(), _fleet.Start());
        one.Call(100);
        for (var ms = 1; ms <= 50; ms++)
            one.End(ms);
        for (var ms = 51; ms <= 99; ms++)
            other.End(ms);
        other.End(5_000, isError: true);
        other.End(10, tool: "find", isError: true);
        await other.WriteAsync();

        var answer = await one.AskAsync(("since", "5m"), ("by", "tool"));

        var refund = Assert.Single(answer.Rows, static row => row.Name == "refund").Results!;
        Assert.Equal((100, 1), (refund.Count, refund.Errors));
        Assert.InRange(refund.P50Ms!.Value, 50 * 0.9375, 50 * 1.0625);
        Assert.InRange(refund.P95Ms!.Value, 95 * 0.9375, 95 * 1.0625);
        Assert.InRange(refund.P99Ms!.Value, 99 * 0.9375, 99 * 1.0625);
        Assert.Equal((101, 2), (answer.Results!.Count, answer.Results.Errors));
        Assert.Equal(101, answer.ResultsOverTime!.Count[^1]);
        Assert.Equal(2, answer.ResultsOverTime.Errors[^1]);
        Assert.Null(answer.ResultsOverTime.Count[0]);
    }

    [Fact]
    public async Task Keeps_the_durations_of_summed_up_hours()
    {
        var frontend = _fleet.Start();
        frontend.Call(3);
        frontend.End(20);
        frontend.End(20);
        frontend.End(800, isError: true);
        await frontend.EndAsync();
        _fleet.Time.Advance(3 * 24 * 3_600_000L);

        var answer = await _fleet.Start().AskAsync(("since", "4d"));

        Assert.Equal(("hours and minutes", 3, 1), (answer.Source, answer.Results!.Count, answer.Results.Errors));
        Assert.InRange(answer.Results.P99Ms!.Value, 750, 850);
    }

    [Fact]
    public async Task Separates_calls_by_policy()
    {
        var frontend = _fleet.Start();
        frontend.Call(2, policy: "strict");
        frontend.Call(3, policy: "loose");
        frontend.Call(1);
        await frontend.EndAsync();
        _fleet.Reopen();
        var next = _fleet.Start();

        var answer = await next.AskAsync(("by", "policy"));

        Assert.Equal(
            [("loose", 3L), ("strict", 2), ("(none)", 1)], answer.Rows.Select(static row => (row.Name, row.Calls)));
        Assert.Equal(2, (await next.AskAsync(("policy", "strict"))).Calls);
    }

    [Fact]
    public async Task Counts_callers_as_the_audit_log_names_them()
    {
        await File.WriteAllTextAsync(Path.Combine(_fleet.Records, "audit-00000001.jsonl"), """
            {"kind":"decision","time":"2026-11-20T10:27:00.000Z","callId":"1","grant":"bot","server":"crm","method":"tools/call","tool":"find","outcome":"allowed","caller":"ana"}
            {"kind":"outcome","time":"2026-11-20T10:27:01.000Z","callId":"1","grant":"bot","server":"crm","tool":"find","ended":"error","status":200,"durationMs":1000,"caller":"ana"}
            {"kind":"decision","time":"2026-11-20T10:28:00.000Z","callId":"2","grant":"bot","server":"crm","method":"tools/call","tool":"find","outcome":"rate_limited","caller":"ana"}
            {"kind":"decision","time":"2026-11-20T10:29:00.000Z","callId":"3","grant":"bot","server":"crm","method":"tools/call","tool":"find","outcome":"allowed"}

            """);

        var answer = await _fleet.Start().AskAsync(("since", "5m"), ("by", "caller"));
        var hers = await _fleet.Start().AskAsync(("since", "5m"), ("by", "tool"), ("caller", "ana"));

        Assert.Equal("audit log", answer.Source);
        Assert.Equal(
            [("ana", 2L, 1L), ("(none)", 1, 0)],
            answer.Rows.Select(static row => (row.Name, row.Calls, row.Refused)));
        // The log begins at 10:27: nothing is known of the minutes before.
        Assert.Equal([null, null, 1, 1, 0, 0], answer.Rows[0].CallsOverTime);
        Assert.Equal((2, 1), (hers.Calls, hers.Results!.Errors));
        Assert.InRange(hers.Results.P50Ms!.Value, 937, 1063);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(18, false)]
    [InlineData(1_000_000, false)]
    public async Task Forecasts_when_a_limit_is_used_up(double max, bool isFull)
    {
        var hour = _fleet.Time.NowMs / 3_600_000;
        var reset = DateTimeOffset.FromUnixTimeSeconds((hour + 24) * 3600);
        // Its window began at the third point, and each minute uses 6 since then.
        foreach (var (at, used) in new double[] { 80, 90, 6, 12, 18 }.Index())
        {
            var minute = (_fleet.Time.NowMs / 60_000) - 4 + at;
            await _fleet.Store.PutMinuteAsync(minute, UsageStore.NewRun(), new UsageDocument(
                DateTimeOffset.FromUnixTimeSeconds(minute * 60), 1, [], [], [])
            {
                Limits = [new UsageLimitUse("(all)", "(budgets)", "spend", "day", used, max, reset)],
            }, default);
        }

        var limit = Assert.Single((await _fleet.Start().AskAsync(("since", "4m"), ("by", "budget"))).Limits!);

        Assert.Equal((18, max), (limit.Used, limit.Max));
        Assert.Equal([80, 90, 6, 12, 18], limit.UsedOverTime);
        var last = DateTimeOffset.FromUnixTimeSeconds(_fleet.Time.NowMs / 60_000 * 60);
        Assert.Equal(isFull ? last.AddSeconds(820) : null, limit.ExhaustedAt);
    }

    [Fact]
    public async Task Decision_recorded_after_its_minute_counts_in_that_minute()
    {
        var frontend = _fleet.Start();
        frontend.Call(1);
        var decidedMs = _fleet.Time.NowMs;
        _fleet.Time.Advance(60_000);
        frontend.Call(1);
        frontend.Counts.Count("bot", "crm", "refund", null, decidedMs);

        var answer = await frontend.AskAsync(("since", "1m"));

        Assert.Equal([2, 1], Assert.Single(answer.Rows).CallsOverTime);
    }

    [Theory]
    [InlineData("since", "last week", "\"since\" is not a time")]
    [InlineData("since", "2030-01-01", "before")]
    [InlineData("step", "90s", "whole minutes")]
    [InlineData("step", "90m", "whole minutes")]
    [InlineData("by", "3", "must be one of outcome, server")]
    [InlineData("by", "colour", "must be one of outcome, server")]
    public void Refuses_what_it_cannot_answer_and_says_what_to_ask(string name, string value, string expected)
    {
        Assert.Null(_fleet.Start().Reader.Read(one => one == name ? value : null, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3d", "5m", "kept for 48 hours")]
    [InlineData("397d", "1h", "1500 points")]
    public void Refuses_a_step_that_is_too_fine(string since, string step, string expected)
    {
        Assert.Null(_fleet.Start().Reader.Read(
            name => name switch { "since" => since, "step" => step, _ => null }, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }
}
