using Gateway.Limits.Acquiring;
using Gateway.Limits.Windows;

namespace Gateway.Limits.Conformance;

/// <summary>
/// What every limiter must do with limits by value: each value a counter, and no more values than may be.
/// </summary>
public abstract class ValueLimiterConformance(ILimiterSubject subject) : LimiterTest(subject)
{
    private readonly FixedKey _key = new();

    protected override ILimiter Over(ILimiter engine) => new ValueLimiter(engine, _key);

    [Fact]
    public async Task Counts_each_value_apart()
    {
        await AdmitsAsync(3, Asked.By("ann", 3));
        await AdmitsAsync(3, Asked.By("bob", 3));
        var refused = (await AcquireAsync(Asked.By("ann", 3))).Refusal!;
        Assert.Equal(RefusalKind.NoRoom, refused.Kind);
        Assert.Equal(Amount.FromUnits(3), refused.Used);
        Assert.False((await AcquireAsync(Asked.By("bob", 3))).IsAdmitted);
        Assert.StartsWith("Counter calls has", refused.Reason, StringComparison.Ordinal);
        Time.Advance(50_000);
        await AdmitsAsync(3, Asked.By("ann", 3));
    }

    [Fact]
    public async Task No_counter_is_named_after_a_value()
    {
        var permit = (await AcquireAsync(Asked.By("ann", 3))).Permit;
        Assert.DoesNotContain("ann", permit.Parts[0].Key.Text, StringComparison.Ordinal);
        Assert.True(Asked.By("ann", 3).IsOn(permit.Parts[0].Key));
        Assert.False(Asked.Cost(3).IsOn(permit.Parts[0].Key));
    }

    [Fact]
    public async Task One_value_more_than_may_be_is_refused_and_those_that_came_before_go_on()
    {
        for (var i = 0; i < 5; i++) await AdmitsAsync(1, Asked.By($"v{i}", 9, valuesMax: 5));
        var decision = await AcquireAsync(Asked.By("other", 9, valuesMax: 5));
        Assert.Equal(RefusalKind.TooManyValues, decision.Refusal!.Kind);
        Assert.InRange(decision.RetryAfterMs!.Value, 50_000, 52_000);
        for (var i = 0; i < 5; i++) await AdmitsAsync(1, Asked.By($"v{i}", 9, valuesMax: 5));
        Time.Advance(50_000);
        await AdmitsAsync(1, Asked.By("other", 9, valuesMax: 5));
    }

    [Fact]
    public async Task A_refused_call_takes_no_value()
    {
        await AdmitsAsync(1, Asked.Cost(1));
        for (var i = 0; i < 5; i++)
            Assert.False((await AcquireAsync(Asked.By($"v{i}", 9, valuesMax: 2), Asked.Cost(1))).IsAdmitted);
        await AdmitsAsync(1, Asked.By("a", 9, valuesMax: 2));
        await AdmitsAsync(1, Asked.By("b", 9, valuesMax: 2));
        Assert.False((await AcquireAsync(Asked.By("c", 9, valuesMax: 2))).IsAdmitted);
    }

    [Fact]
    public async Task A_call_that_was_never_sent_takes_its_value_once()
    {
        for (var i = 0; i < 5; i++)
        {
            var permit = (await AcquireAsync(Asked.By("ann", 1, valuesMax: 2))).Permit;
            await Limiter.ReleaseAsync(permit, default);
        }

        await AdmitsAsync(1, Asked.By("ann", 1, valuesMax: 2));
        await AdmitsAsync(1, Asked.By("bob", 1, valuesMax: 2));
        Assert.False((await AcquireAsync(Asked.By("eve", 1, valuesMax: 2))).IsAdmitted);
    }

    [Fact]
    public async Task Many_callers_with_many_values_never_have_more_values_or_calls_than_may_be()
    {
        var admitted = new ConcurrentBag<string>();
        var late = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                var value = $"v{(i + caller) % 15}";
                if (await TakeAsync(value) is { IsMissing: false } permit && Spend(permit)) admitted.Add(value);
            }
        })));
        var calls = admitted.CountBy(static value => value).ToDictionary();
        Assert.InRange(calls.Count, 1, 10);
        Assert.All(calls, static of => Assert.InRange(of.Value, 1, 4));
        // Who raced for a value took a number each, and gave it back: nobody is left without. Only a call that got no
        // response in time may have kept a number that no value has, which makes the limit stricter.
        for (var i = 0; i < 15; i++)
            if (!(await TakeAsync($"v{i}")).IsMissing) calls[$"v{i}"] = 4;
        Assert.InRange(calls.Count, Math.Max(1, 10 - late), 10);

        async Task<Permit> TakeAsync(string value)
        {
            var decision = await AcquireAsync(Asked.By(value, 4, valuesMax: 10));
            if (decision.Refusal is { Kind: not (RefusalKind.NoRoom or RefusalKind.TooManyValues) })
                Interlocked.Increment(ref late);
            return decision.Permit;
        }
    }

    [Fact]
    public async Task Values_and_their_counts_outlive_the_limiter()
    {
        await AdmitsAsync(2, Asked.By("ann", 3, valuesMax: 1));
        await ReopenAsync();
        await AdmitsAsync(1, Asked.By("ann", 3, valuesMax: 1));
        Assert.Equal(RefusalKind.NoRoom, (await AcquireAsync(Asked.By("ann", 3, valuesMax: 1))).Refusal!.Kind);
        Assert.Equal(RefusalKind.TooManyValues, (await AcquireAsync(Asked.By("bob", 3, valuesMax: 1))).Refusal!.Kind);
    }

    [Fact]
    public async Task A_sliding_limit_counts_by_value_too()
    {
        LimitCost Sliding(string value) =>
            Asked.By(value, 2, valuesMax: 2, window: "10s", kind: WindowKind.Sliding);
        await AdmitsAsync(2, Sliding("ann"));
        Assert.Equal(RefusalKind.NoRoom, (await AcquireAsync(Sliding("ann"))).Refusal!.Kind);
        await AdmitsAsync(1, Sliding("bob"));
        Assert.Equal(RefusalKind.TooManyValues, (await AcquireAsync(Sliding("eve"))).Refusal!.Kind);
        Time.Advance(12_000);
        await AdmitsAsync(2, Sliding("eve"));
    }

    [Fact]
    public async Task A_look_says_what_a_call_would_hear_and_takes_nothing()
    {
        Task<LimitDecision> LookAsync(string value) =>
            Limiter.PeekAsync(Asked.Call(Time.NowMs, Asked.By(value, 1, valuesMax: 1)), default).AsTask();
        for (var i = 0; i < 3; i++) Assert.True((await LookAsync($"v{i}")).IsAdmitted);
        await AdmitsAsync(1, Asked.By("ann", 1, valuesMax: 1));
        Assert.Equal(RefusalKind.TooManyValues, (await LookAsync("bob")).Refusal!.Kind);
        Assert.Equal(RefusalKind.NoRoom, (await LookAsync("ann")).Refusal!.Kind);
    }

    [Fact]
    public async Task Denies_when_the_key_is_lost()
    {
        _key.IsLost = true;
        var refused = (await AcquireAsync(Asked.By("ann", 3))).Refusal!;
        Assert.Equal(RefusalKind.EngineUnavailable, refused.Kind);
        Assert.Contains("the key is gone", refused.Reason, StringComparison.Ordinal);
        await AdmitsAsync(1, Asked.Cost(1));
    }
}
