namespace Gateway.Orleans.Tests.Client;

public sealed class ClusterEngineTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Refuses_the_eleventh_call_in_a_minute()
    {
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 10);
        for (var i = 0; i < 10; i++) Spend(await limiter.CallAsync(_cluster, cost));

        var refusal = (await limiter.CallAsync(_cluster, cost)).Refusal!;

        Assert.Equal(RefusalKind.NoRoom, refusal.Kind);
        Assert.Equal(Amount.FromUnits(10), refusal.Used);
        _cluster.Time.Advance(60_000);
        Assert.True((await limiter.CallAsync(_cluster, cost)).IsAdmitted);
    }

    [Fact]
    public async Task Admits_exactly_the_maximum_from_many_frontends_at_once()
    {
        var cost = Calls.Cost(Calls.Key(), max: 500);
        ClusterEngine[] limiters = [_cluster.Limiter(), _cluster.Limiter(), _cluster.Limiter()];
        // The first messages connect and compile, and a reply after a second would waste what it gives.
        foreach (var limiter in limiters) await limiter.CallAsync(_cluster, Calls.Cost(Calls.Key("warm-up"), max: 9));

        var decisions = await Task.WhenAll(
            Enumerable.Range(0, 900).Select(i => limiters[i % 3].CallAsync(_cluster, cost).AsTask()));

        Assert.Equal(500, decisions.Count(decision => decision.IsAdmitted));
        AssertDisjoint(decisions, Amount.FromUnits(500));
    }

    [Fact]
    public async Task Takes_all_limits_of_a_call_or_none()
    {
        var limiter = _cluster.Limiter();
        var wide = Calls.Cost(Calls.Key("a-wide"), max: 100);
        var narrow = Calls.Cost(Calls.Key("b-narrow"), max: 1);
        Spend(await limiter.CallAsync(_cluster, wide, narrow));
        for (var i = 0; i < 5; i++) Assert.False((await limiter.CallAsync(_cluster, narrow, wide)).IsAdmitted);

        var decisions = await Task.WhenAll(
            Enumerable.Range(0, 120).Select(_ => limiter.CallAsync(_cluster, wide).AsTask()));

        Assert.Equal(99, decisions.Count(decision => decision.IsAdmitted));
    }

    [Fact]
    public async Task Adds_up_the_costs_of_one_call_on_one_counter()
    {
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 10, cost: 3);

        var permit = (await limiter.CallAsync(_cluster, cost, cost)).Permit!;

        Assert.Equal(Amount.FromUnits(6), Assert.Single(permit.Parts).Cost);
        Assert.False((await limiter.CallAsync(_cluster, cost, cost)).IsAdmitted);
    }

    [Fact]
    public async Task Gives_released_numbers_to_the_next_call()
    {
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 1);
        var first = await limiter.CallAsync(_cluster, cost);
        await limiter.ReleaseAsync(first.Permit!, default);
        await limiter.ReleaseAsync(first.Permit!, default);

        Spend(await limiter.CallAsync(_cluster, cost));

        Assert.False((await limiter.CallAsync(_cluster, cost)).IsAdmitted);
        Assert.Equal(SpendOutcome.AlreadySpent, first.Permit!.TrySpend(_cluster.Clock.NowMs(), out _));
    }

    [Fact]
    public async Task Refunds_what_a_limit_says_and_no_more()
    {
        var limiter = _cluster.Limiter();
        var refunded = Calls.Cost(Calls.Key("a"), max: 5, cost: 5, refund: true);
        var kept = Calls.Cost(Calls.Key("b"), max: 5, cost: 5);
        var permit = Spend(await limiter.CallAsync(_cluster, refunded, kept));

        await limiter.RefundAsync(permit, default);

        Assert.True((await limiter.CallAsync(_cluster, refunded)).IsAdmitted);
        Assert.False((await limiter.CallAsync(_cluster, kept)).IsAdmitted);
    }

    [Fact]
    public async Task Counts_a_repeated_call_id_once()
    {
        var key = Calls.Key();
        var grain = _cluster.Orleans.Client.GetGrain<ICounterGrain>(key.Text);
        var question = new CounterQuestion(7, Amount.FromUnits(10).Nano, Amount.One.Nano, 0, IsPeek: false);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            grain.AskAsync(new CounterMessage([question, question], null)).AsTask()));

        Assert.Single(answers.SelectMany(answer => answer.Items).Select(item => item.Low).Distinct());
        var limiter = _cluster.Limiter();
        var rest = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            limiter.CallAsync(_cluster, Calls.Cost(key, max: 10)).AsTask()));
        Assert.Equal(9, rest.Count(decision => decision.IsAdmitted));
    }

    [Fact]
    public async Task Gives_nothing_to_a_call_that_was_given_up_before_its_question_arrived()
    {
        var key = Calls.Key();
        var grain = _cluster.Orleans.Client.GetGrain<ICounterGrain>(key.Text);
        await grain.ReleaseAsync([new ReleaseMessage(7, Owner: 0, Amount.One.Nano)]);

        var late = await grain.AskAsync(
            new CounterMessage([new CounterQuestion(7, Amount.One.Nano, Amount.One.Nano, 0, IsPeek: false)], null));

        Assert.Equal(CounterAnswerKind.Closed, Assert.Single(late.Items).Kind);
        Spend(await _cluster.Limiter().CallAsync(_cluster, Calls.Cost(key, max: 1)));
    }

    [Fact]
    public async Task Takes_numbers_back_only_where_they_were_issued_and_once()
    {
        var key = Calls.Key();
        var grain = _cluster.Orleans.Client.GetGrain<ICounterGrain>(key.Text);
        var question = new CounterQuestion(7, Amount.One.Nano, Amount.One.Nano, 0, IsPeek: false);
        var owner = (await grain.AskAsync(new CounterMessage([question], null))).Owner;
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(key, max: 1);

        await grain.ReleaseAsync([new ReleaseMessage(7, owner + 1, Amount.One.Nano)]);
        Assert.False((await limiter.CallAsync(_cluster, cost)).IsAdmitted);
        var back = new ReleaseMessage(7, owner, Amount.One.Nano);
        await grain.ReleaseAsync([back, back]);
        Spend(await limiter.CallAsync(_cluster, cost));
        await grain.ReleaseAsync([back]);
        Assert.False((await limiter.CallAsync(_cluster, cost)).IsAdmitted);
    }

    [Fact]
    public async Task Waits_for_a_window_that_this_clock_is_about_to_reach()
    {
        var limiter = _cluster.Limiter();
        var request = new LimitRequest(
            CallId.New(), _cluster.Clock.NowMs() - 700, [Calls.Cost(Calls.Key(window: "second"), max: 1)]);

        Assert.True((await limiter.AcquireAsync(request, default)).IsAdmitted);
    }

    [Fact]
    public async Task Peeks_without_taking_anything()
    {
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 1);
        var request = new LimitRequest(CallId.New(), _cluster.Clock.NowMs(), [cost]);
        for (var i = 0; i < 3; i++) Assert.True((await limiter.PeekAsync(request, default)).IsAdmitted);

        Spend(await limiter.CallAsync(_cluster, cost));

        Assert.False((await limiter.PeekAsync(request, default)).IsAdmitted);
    }

    [Fact]
    public async Task Refuses_a_cost_above_the_maximum_without_asking_anyone()
    {
        var decision = await _cluster.Limiter().CallAsync(_cluster, Calls.Cost(Calls.Key(), max: 10, cost: 11));

        Assert.Equal(RefusalKind.CostOverMax, decision.Refusal!.Kind);
        Assert.Null(decision.RetryAfterMs);
        Assert.Equal(0, _cluster.Store.Writes);
    }

    private Permit Spend(LimitDecision decision)
    {
        Assert.True(decision.IsAdmitted, decision.Refusal?.Reason);
        Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(_cluster.Clock.NowMs(), out _));
        return decision.Permit;
    }

    private static void AssertDisjoint(IEnumerable<LimitDecision> decisions, Amount max)
    {
        var numbers = decisions.Where(decision => decision.IsAdmitted)
            .SelectMany(decision => decision.Permit!.Parts).SelectMany(part => part.Intervals)
            .OrderBy(numberRange => numberRange.Low).ToArray();
        for (var i = 1; i < numbers.Length; i++) Assert.True(numbers[i].Low >= numbers[i - 1].High);
        Assert.True(numbers[^1].High <= max.Nano);
    }
}
