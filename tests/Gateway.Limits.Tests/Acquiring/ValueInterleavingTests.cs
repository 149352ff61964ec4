namespace Gateway.Limits.Tests.Acquiring;

/// <summary>
/// Calls with values, interleaved step by step across the ends of windows, with answers lost after they were carried
/// out, callers killed between two counters and owners whose clocks differ: no window ever has more values than may be,
/// nor a value more calls.
/// </summary>
public sealed class ValueInterleavingTests
{
    private const int Schedules = 4000;
    private const int ValuesMax = 2;
    private const int CallsMax = 2;
    private const int Callers = 6;

    [Fact]
    public void No_interleaving_lets_more_values_or_calls_through_than_may_be()
    {
        var admitted = 0;
        for (var seed = 1; seed <= Schedules; seed++)
        {
            var (found, calls) = Run(seed, static (turns, clock) => new SteppedLimiter(turns, clock));
            Assert.True(found is null, $"seed {seed}: {found}");
            admitted += calls;
        }

        Assert.True(admitted > 2 * Schedules, $"only {admitted} calls were let through");
    }

    [Fact]
    public void A_mark_without_its_window_is_found() => Finds(static (turns, clock) => new SteppedLimiter(turns, clock)
    {
        Replaced = static cost =>
        {
            var key = cost.Key;
            var name = key.Counter.Split('~');
            // calls ~ by ~ x ~ values ~ digest ~ window
            return name.Length < 6 ? cost : cost with
            {
                Key = new CounterKey(key.Scope, key.ScopeId, string.Join('~', name[..5]), key.Kind, key.Window),
            };
        },
    });

    [Fact]
    public void A_mark_that_is_set_before_its_number_is_taken_is_found() => Finds(
        static (turns, clock) => new SteppedLimiter(turns, clock) { TakesByLooking = true });

    private static void Finds(Func<Turns, Func<long>, SteppedLimiter> engine)
    {
        for (var seed = 1; seed <= 10 * Schedules; seed++)
            if (Run(seed, engine).Found is not null) return;
        Assert.Fail("The fault was not found: what holds the rule up is not shown.");
    }

    private static (string? Found, int Calls) Run(int seed, Func<Turns, Func<long>, SteppedLimiter> engine)
    {
        // Each step goes on at its turn, on this thread.
        SynchronizationContext.SetSynchronizationContext(null);
        var turns = new Turns(seed);
        var windowMs = Asked.Period("1s").ShortestMs;
        var nowMs = (1_000_000 * windowMs) - turns.Random.Next(600);
        var inner = engine(turns, () => nowMs);
        // Frontends that remember little, so that they look often, and have clocks of their own.
        ValueLimiter[] frontends = [new(inner, new FixedKey()), new(inner, new FixedKey(), remembered: 1)];
        var admitted = new List<(string Value, long StartMs)>();
        var callers = Enumerable.Range(0, Callers).Select(async caller =>
        {
            var skewMs = turns.Random.Next(-ClockBounds.EpsilonMs, ClockBounds.EpsilonMs + 1);
            for (var i = 0; i < 4; i++)
            {
                await turns.NextAsync();
                nowMs += turns.Random.Next(120);
                var value = $"v{turns.Random.Next(5)}";
                var frontend = frontends[turns.Random.Next(frontends.Length)];
                var cost = Asked.By(value, CallsMax, ValuesMax, "1s");
                var call = await frontend.AcquireAsync(Asked.Call(nowMs + skewMs, cost), default);
                if (call.Permit.IsMissing) continue;
                if (turns.Random.Next(4) == 0) await frontend.ReleaseAsync(call.Permit, default);
                else admitted.Add((value, call.Permit.Parts[0].WindowStartMs));
            }
        }).ToList();
        turns.Run();
        Assert.DoesNotContain(callers, static caller => caller.IsFaulted);
        Assert.Equal(turns.Killed, callers.Count(static caller => !caller.IsCompleted));
        return (Check(admitted), admitted.Count);
    }

    private static string? Check(List<(string Value, long StartMs)> admitted)
    {
        foreach (var window in admitted.GroupBy(static call => call.StartMs))
        {
            var values = window.CountBy(static call => call.Value).ToList();
            if (values.Count > ValuesMax) return $"{values.Count} values in the window of {window.Key}";
            if (values.Exists(static of => of.Value > CallsMax)) return "more calls of a value than may be";
        }

        return null;
    }
}
