namespace Gateway.Postgres.Tests.Reservations;

[Collection(DatabaseCollection.Name)]
public sealed class ExpiryTests(SharedDatabase shared)
{
    [PostgresFact]
    public async Task A_finished_window_is_not_started_again_after_its_record_is_gone()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions() with { KeepFinished = TimeSpan.Zero });
        var (key, other) = (StoreBench.Key("calls"), StoreBench.Key("others"));
        var old = bench.Record(StoreBench.StartMs(key, -2), 5);
        await bench.WriteAsync(key, 0, old);

        Assert.Equal(1, await bench.SweepAsync());
        Assert.Equal(ReadOutcome.Absent, (await bench.ReadAsync(key)).Outcome);
        Assert.Equal(WriteOutcome.Finished, await bench.WriteAsync(key, 0, bench.Record(old.WindowStartMs, 1)));
        Assert.Equal(WriteOutcome.Finished, await bench.WriteAsync(other, 0, bench.Record(old.WindowStartMs, 1)));
        Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(key, 0, bench.Record(StoreBench.StartMs(key), 1)));
    }

    [PostgresFact]
    public async Task The_sweep_takes_what_ended_and_leaves_the_rest()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions() with { KeepFinished = TimeSpan.Zero });
        var keys = Enumerable.Range(0, 2500).Select(i => StoreBench.Key($"c{i}", 86_400)).ToArray();
        var (old, now) = (StoreBench.StartMs(keys[0], -2), StoreBench.StartMs(keys[0]));
        await Task.WhenAll(keys.Select((key, i) =>
            bench.WriteAsync(key, 0, bench.Record(i % 5 == 0 ? now : old, 1)).AsTask()));

        Assert.Equal(2000, await bench.SweepAsync());
        Assert.Equal(0, await bench.SweepAsync());
        for (var i = 0; i < 10; i++)
            Assert.Equal(
                i % 5 == 0 ? ReadOutcome.Found : ReadOutcome.Absent, (await bench.ReadAsync(keys[i])).Outcome);
        Assert.Equal(WriteOutcome.Finished, await bench.WriteAsync(keys[1], 0, bench.Record(old, 1)));
    }

    [PostgresFact]
    public async Task Creations_and_sweeps_that_race_never_start_a_finished_window_twice()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions() with { KeepFinished = TimeSpan.Zero });
        await using var second = await StoreBench.OpenAsync(bench.Options);
        for (var round = 0; round < 40; round++)
        {
            // Windows of one second, each later than the floor that the round before has raised.
            var key = StoreBench.Key($"c{round}", 1);
            var startMs = StoreBench.StartMs(key, round - 60);
            var first = bench.Record(startMs, 1);
            Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(key, 0, first));
            var sweep = bench.SweepAsync();
            do
            {
                var creations = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
                    second.WriteAsync(key, 0, second.Record(startMs, 1)).AsTask()));
                Assert.DoesNotContain(ReservationWrite.Ok, creations);
            }
            while (!sweep.IsCompleted);

            Assert.Equal(1, await sweep);
        }
    }
}
