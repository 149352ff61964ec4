using Gateway.Limits.Windows;

namespace Gateway.Postgres.Tests.Reservations;

[Collection(DatabaseCollection.Name)]
public sealed class SlidingStoreTests(SharedDatabase shared)
{
    private static readonly CounterKey Key = new(
        LimitScope.Grant, "agent@server", "sliding", WindowKind.Sliding, Length());

    [PostgresFact]
    public async Task Refuses_a_time_that_its_own_clock_has_not_reached()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var nowMs = SharedDatabase.NewClock().NowMs();
        var early = Record(bench, nowMs + 5000);
        Assert.Equal(WriteOutcome.Unknown, await bench.WriteAsync(Key, 0, early));
        Assert.Equal(ReadOutcome.Absent, (await bench.ReadAsync(Key)).Outcome);

        var first = Record(bench, nowMs);
        Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(Key, 0, first));
        Assert.Equal(WriteOutcome.Unknown, await bench.WriteAsync(Key, first.Nonce, early));
        Assert.Equal(WriteOutcome.Conflict, await bench.WriteAsync(Key, first.Nonce, Record(bench, nowMs - 1)));
        Assert.Equal(first, (await bench.ReadAsync(Key)).Record);
    }

    [PostgresFact]
    public async Task A_record_is_kept_until_all_of_it_has_slid_out()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions() with { KeepFinished = TimeSpan.Zero });
        var nowMs = SharedDatabase.NewClock().NowMs();
        var lengthMs = Key.RecordEndMs(nowMs) - nowMs;
        var counting = Record(bench, nowMs - lengthMs + 5000);
        Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(Key, 0, counting));
        Assert.Equal(0, await bench.SweepAsync());
        Assert.Equal(counting, (await bench.ReadAsync(Key)).Record);
    }

    [PostgresFact]
    public async Task A_record_that_cannot_be_read_is_not_taken_for_none()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var first = Record(bench, SharedDatabase.NewClock().NowMs());
        await bench.WriteAsync(Key, 0, first);
        await SharedDatabase.AskAsync(
            bench.Options, $"UPDATE {bench.Options.Schema}.reservations SET entries = '\\x07'");
        Assert.Equal(ReadOutcome.Unavailable, (await bench.ReadAsync(Key)).Outcome);
        var refused = await bench.Store.WriteAsync(Key, first.Nonce + 1, first, CancellationToken.None);
        Assert.Equal(WriteOutcome.Conflict, refused.Outcome);
        Assert.Null(refused.Met);
    }

    [PostgresFact]
    public async Task A_schema_from_before_sliding_limits_is_upgraded_under_a_process_that_goes_on_with_it()
    {
        var options = shared.NewOptions();
        await SharedDatabase.AskAsync(options, $"""
            CREATE SCHEMA {options.Schema};
            CREATE TABLE {options.Schema}.schema_version (
                only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), version integer NOT NULL);
            INSERT INTO {options.Schema}.schema_version (version) VALUES (2);
            """ + string.Concat(SchemaSql.Steps.Take(2)).Replace("{0}", options.Schema, StringComparison.Ordinal));
        const string older = "ARRAY['00000000-0000-0000-0000-000000000007']::uuid[]";
        await SharedDatabase.AskAsync(options, $"""
            INSERT INTO {options.Schema}.reservations VALUES
                ('old', 1000, 2000, 5, '00000000-0000-0000-0000-000000000007')
            """);

        await using var bench = await StoreBench.OpenAsync(options);
        var record = Record(bench, SharedDatabase.NewClock().NowMs());
        Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(Key, 0, record));
        Assert.Equal(record, (await bench.ReadAsync(Key)).Record);
        Assert.Equal(true, await SharedDatabase.AskAsync(options, $"""
            SELECT is_written FROM {options.Schema}.swap_reservations(
                ARRAY['old'], {older}, ARRAY[1000]::bigint[], ARRAY[2000]::bigint[], ARRAY[6]::numeric[], {older}, 250)
            """));
    }

    private static Reservation Record(StoreBench bench, long nowMs) => bench.Record(nowMs, 3) with
    {
        Entries = SlidingEntries.Empty.With(nowMs + 2000, Amount.FromUnits(3).Nano),
    };

    private static Window Length() => Window.TryFromSeconds(60, out var window) ? window : default;
}
