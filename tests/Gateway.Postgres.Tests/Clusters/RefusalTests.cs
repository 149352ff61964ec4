namespace Gateway.Postgres.Tests.Clusters;

/// <summary>
/// Two of a fleet over one database, on a clock whose timers never end: nothing can wait for time to pass.
/// </summary>
[Collection(DatabaseCollection.Name)]
public sealed class RefusalTests(SharedDatabase shared)
{
    private const int Callers = 8;
    private const int CallsEach = 10;

    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    private readonly ManualTime _clock = new("2026-03-01T12:00:10Z");

    [PostgresFact]
    public Task Two_of_a_fleet_refuse_at_once_what_a_fixed_window_has_no_room_for() =>
        FillAndRefuseAsync(Asked.Cost(2 * Callers * CallsEach));

    [PostgresFact]
    public Task Two_of_a_fleet_refuse_at_once_what_a_sliding_limit_has_no_room_for() =>
        FillAndRefuseAsync(Asked.Sliding(2 * Callers * CallsEach));

    private async Task FillAndRefuseAsync(LimitCost cost)
    {
        // The clock stands in the past, which the comparison with the real database's would not bear.
        var options = shared.NewOptions() with { ComparesClocks = false, KeepFinished = TimeSpan.FromDays(10_000) };
        await using var one = await OpenAsync(options);
        await using var other = await OpenAsync(options);
        PostgresBackend[] fleet = [one, other];
        var admitted = await CountAsync(fleet, cost, static decision => decision.IsAdmitted);
        Assert.Equal(2 * Callers * CallsEach, admitted);
        var refused = await CountAsync(
            fleet, cost, static decision => decision.Refusal is { Kind: RefusalKind.NoRoom });
        Assert.Equal(2 * Callers * CallsEach, refused);
    }

    private async Task<int> CountAsync(PostgresBackend[] fleet, LimitCost cost, Func<LimitDecision, bool> counts)
    {
        var callers = fleet.SelectMany(static member => Enumerable.Repeat(member, Callers));
        var counted = await Task.WhenAll(callers.Select(member => Task.Run(async () =>
        {
            var count = 0;
            for (var i = 0; i < CallsEach; i++)
            {
                var decision = await member.AcquireAsync(Asked.Call(_clock.NowMs, cost), default);
                decision.Permit.TrySpend(_clock.NowMs, out _);
                if (counts(decision)) count++;
            }

            return count;
        }))).WaitAsync(Guard);
        return counted.Sum();
    }

    private Task<PostgresBackend> OpenAsync(PostgresOptions options) => PostgresBackend.OpenAsync(
        options, strictWindows: false, new TimerlessTime(_clock), NullLoggerFactory.Instance, CancellationToken.None);
}
