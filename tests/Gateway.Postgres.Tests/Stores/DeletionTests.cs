using Gateway.Limits.Model;
using Gateway.Postgres.Tests.Clusters;
using Gateway.Storage.Postgres.Reservations;

namespace Gateway.Postgres.Tests.Stores;

[Collection(DatabaseCollection.Name)]
public sealed class DeletionTests(SharedDatabase shared)
{
    [PostgresFact]
    public async Task A_finished_window_is_not_started_again_after_its_record_is_gone()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var (key, other) = (StoreBench.Key("calls"), StoreBench.Key("others"));
        var old = bench.Record(StoreBench.StartMs(key, -2), 5);
        var endMs = key.Window.EndMs(old.WindowStartMs);
        await bench.WriteAsync(key, 0, old);

        Assert.Equal(WriteOutcome.Ok, await bench.Store.DeleteAsync(key, old.Nonce, endMs, CancellationToken.None));
        Assert.Equal(ReadOutcome.Absent, (await bench.ReadAsync(key)).Outcome);
        Assert.Equal(WriteOutcome.Finished, await bench.WriteAsync(key, 0, bench.Record(old.WindowStartMs, 1)));
        Assert.Equal(WriteOutcome.Finished, await bench.WriteAsync(other, 0, bench.Record(old.WindowStartMs, 1)));
        Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(key, 0, bench.Record(StoreBench.StartMs(key), 1)));
    }

    [PostgresFact]
    public async Task Deletes_only_the_record_that_was_meant()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var key = StoreBench.Key("calls");
        var old = bench.Record(StoreBench.StartMs(key, -1), 5);
        var endMs = key.Window.EndMs(old.WindowStartMs);
        await bench.WriteAsync(key, 0, old);

        Assert.Equal(WriteOutcome.Conflict, await bench.Store.DeleteAsync(key, 77, endMs, CancellationToken.None));
        Assert.Equal(old, (await bench.ReadAsync(key)).Record);
        Assert.Equal(0L, await SharedDatabase.AskAsync(
            bench.Options, $"SELECT floor_ms FROM {bench.Options.Schema}.reservation_floor"));
    }

    [PostgresFact]
    public async Task A_window_that_is_running_is_not_deleted()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var key = StoreBench.Key("calls", 86_400);
        var now = bench.Record(StoreBench.StartMs(key), 5);
        var endMs = key.Window.EndMs(now.WindowStartMs);
        await bench.WriteAsync(key, 0, now);

        Assert.NotEqual(
            WriteOutcome.Ok, await bench.Store.DeleteAsync(key, now.Nonce, endMs, CancellationToken.None));
        Assert.Equal(now, (await bench.ReadAsync(key)).Record);
    }

    [PostgresFact]
    public async Task The_sweep_takes_what_ended_and_leaves_the_rest()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions() with { KeepFinished = TimeSpan.Zero });
        var keys = Enumerable.Range(0, 2500).Select(i => StoreBench.Key($"c{i}", 86_400)).ToArray();
        var (old, now) = (StoreBench.StartMs(keys[0], -2), StoreBench.StartMs(keys[0]));
        await Task.WhenAll(keys.Select((key, i) =>
            bench.WriteAsync(key, 0, bench.Record(i % 5 == 0 ? now : old, 1)).AsTask()));

        await using var expiryCleaner = new ExpiryCleaner(bench.Database,
            new ReservationSql(bench.Options.Schema).Sweep);
        Assert.Equal(2000, await expiryCleaner.SweepAsync(CancellationToken.None));
        Assert.Equal(0, await expiryCleaner.SweepAsync(CancellationToken.None));
        for (var i = 0; i < 10; i++)
            Assert.Equal(
                i % 5 == 0 ? ReadOutcome.Found : ReadOutcome.Absent, (await bench.ReadAsync(keys[i])).Outcome);
        Assert.Equal(WriteOutcome.Finished, await bench.WriteAsync(keys[1], 0, bench.Record(old, 1)));
    }

    [PostgresFact]
    public async Task Creations_and_deletions_that_race_never_start_a_finished_window_twice()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        await using var second = await StoreBench.OpenAsync(bench.Options);
        for (var round = 0; round < 40; round++)
        {
            // Windows of one second, each later than the floor that the round before has raised.
            var key = StoreBench.Key($"c{round}", 1);
            var startMs = StoreBench.StartMs(key, round - 60);
            var first = bench.Record(startMs, 1);
            Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(key, 0, first));
            var deletion = bench.Store.DeleteAsync(
                key, first.Nonce, key.Window.EndMs(startMs), CancellationToken.None).AsTask();
            var creations = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
                second.WriteAsync(key, 0, second.Record(startMs, 1)).AsTask()));
            Assert.Equal(WriteOutcome.Ok, await deletion);
            Assert.DoesNotContain(WriteOutcome.Ok, creations);
        }
    }
}
