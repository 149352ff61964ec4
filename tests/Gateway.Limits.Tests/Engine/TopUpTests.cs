using Gateway.Limits.Tests.Conformance;

namespace Gateway.Limits.Tests.Engine;

/// <summary>A maximum that is raised until a time, while numbers are reserved ahead and come back.</summary>
public sealed class TopUpTests
{
    private const int Sequences = 60;
    private const int Steps = 120;
    private static readonly LocalEngineOptions Options = new() { StoreTimeoutMs = 0, DeferMs = 0 };

    /// <summary>
    /// An oracle that only adds up what was admitted decides each call of random sequences of calls, refunds, top-ups,
    /// changed maxima and time.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_call_is_admitted_if_and_only_if_the_count_leaves_room_below_the_maximum_of_its_time(int seed)
    {
        var random = new Random(seed);
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            await using var engine = new EngineFixture(Options);
            await RunAsync(random, engine.Time, [engine.Limiter], static (_, isAdmitted, hasRoom) =>
                Assert.Equal(hasRoom, isAdmitted));
        }
    }

    /// <summary>
    /// Numbers that another gateway may still give out again count, so a call may be refused though there is room.
    /// </summary>
    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public async Task Gateways_that_share_a_store_admit_nothing_above_the_maximum_of_its_time(int seed, bool hasRefunds)
    {
        var random = new Random(seed);
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            var (time, store) = (new ManualTime("2026-03-01T12:00:10Z"), new SharedStore());
            await using var one = new LocalEngine(store, Options, time, new ProcessClock(time));
            await using var other = new LocalEngine(store, Options, time, new ProcessClock(time));
            await RunAsync(random, time, [one, other], (_, isAdmitted, hasRoom) =>
                Assert.True(hasRefunds ? hasRoom || !isAdmitted : hasRoom == isAdmitted), hasRefunds);
        }
    }

    [Fact]
    public async Task Numbers_reserved_ahead_under_a_top_up_are_not_given_out_after_its_end()
    {
        await using var engine = new EngineFixture(Options with { BlockLeastPart = 1 });
        var cost = Asked.Cost(20) with { Raises = [new(Amount.FromUnits(400), engine.Time.NowMs + 10_000)] };
        for (var call = 0; call < 15; call++) Assert.True((await engine.AcquireAsync(cost)).IsAdmitted);
        var reserved = (await engine.Journal.ReadAsync(cost.Key, default)).Record.Reserved;
        Assert.True(reserved > Amount.FromUnits(20).Nano, $"{reserved} is no block above the base");

        engine.Time.Advance(10_000);
        for (var call = 15; call < 20; call++) Assert.True((await engine.AcquireAsync(cost)).IsAdmitted);
        var refused = (await engine.AcquireAsync(cost)).Refusal!;
        Assert.Equal((RefusalKind.NoRoom, Amount.FromUnits(20)), (refused.Kind, refused.Max));
    }

    [Fact]
    public async Task A_number_that_returns_after_the_end_leaves_no_room_while_another_gateway_has_used_the_top_up()
    {
        var (time, store) = (new ManualTime("2026-03-01T12:00:10Z"), new SharedStore());
        await using var one = new LocalEngine(store, Options, time, new ProcessClock(time));
        await using var other = new LocalEngine(store, Options, time, new ProcessClock(time));
        var cost = Asked.Cost(2, refundOnError: true) with { Raises = [new(Amount.FromUnits(2), time.NowMs + 10_000)] };
        var first = await AcquireAsync(one, time, cost);
        for (var call = 0; call < 3; call++) Assert.True((await AcquireAsync(other, time, cost)).IsAdmitted);
        time.Advance(10_000);

        await one.RefundAsync(first.Permit, default);
        Assert.False((await AcquireAsync(one, time, cost)).IsAdmitted);
    }

    private static async Task RunAsync(
        Random random, ManualTime time, LocalEngine[] engines, Action<LimitCost, bool, bool> check,
        bool hasRefunds = true)
    {
        var (max, raises) = (Amount.FromUnits(5), ImmutableArray<MaxRaise>.Empty);
        var (count, window) = ((Int128)0, 0L);
        List<(LocalEngine Engine, Permit Permit, long Window, Int128 Nano)> open = [];
        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(10))
            {
                case 0: time.Advance(random.Next(4000)); break;
                case 1: max = Amount.FromUnits(1 + random.Next(8)); break;
                case 2:
                    raises = [.. raises.TakeLast(2),
                        new(Amount.FromUnits(1 + random.Next(6)), time.NowMs + random.Next(5000))];
                    break;
                case 3 when hasRefunds && open.Count > 0:
                    var at = random.Next(open.Count);
                    var back = open[at];
                    open.RemoveAt(at);
                    await back.Engine.RefundAsync(back.Permit, default);
                    if (back.Window == time.NowMs / 5000) count -= back.Nano;
                    break;
                default:
                    var wanted = Amount.FromNano((1 + random.Next(4)) * (Amount.One.Nano / 2));
                    var cost = new LimitCost(Asked.Key(window: "5s"), max, wanted, RefundOnError: true)
                    {
                        Raises = raises,
                    };
                    if (window != time.NowMs / 5000) (window, count) = (time.NowMs / 5000, 0);
                    var engine = engines[random.Next(engines.Length)];
                    var decision = await AcquireAsync(engine, time, cost);
                    check(cost, decision.IsAdmitted, count + wanted.Nano <= cost.MaxAt(time.NowMs).Nano);
                    if (!decision.IsAdmitted) break;
                    Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(time.NowMs, out _));
                    count += wanted.Nano;
                    open.Add((engine, decision.Permit, window, wanted.Nano));
                    break;
            }
        }
    }

    private static ValueTask<LimitDecision> AcquireAsync(LocalEngine engine, ManualTime time, LimitCost cost) =>
        engine.AcquireAsync(Asked.Call(time.NowMs, [cost]), CancellationToken.None);
}
