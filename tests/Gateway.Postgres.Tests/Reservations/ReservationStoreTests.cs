namespace Gateway.Postgres.Tests.Reservations;

[Collection(DatabaseCollection.Name)]
public sealed class ReservationStoreTests(SharedDatabase shared)
{
    [PostgresFact]
    public async Task Reads_back_what_was_written()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var key = StoreBench.Key("calls");
        Assert.Equal(ReadOutcome.Absent, (await bench.ReadAsync(key)).Outcome);

        var record = new Reservation(
            StoreBench.StartMs(key), Int128.Parse("999999999999999999999999999"), UInt128.MaxValue - 1);
        Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(key, 0, record));
        Assert.Equal(record, (await bench.ReadAsync(key)).Record);

        var next = record with { Reserved = 1, Nonce = 1 };
        Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(key, record.Nonce, next));
        Assert.Equal(next, (await bench.ReadAsync(key)).Record);
    }

    [PostgresFact]
    public async Task Refuses_a_write_over_another_nonce()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var key = StoreBench.Key("calls");
        var first = bench.Record(StoreBench.StartMs(key), 1);
        await bench.WriteAsync(key, 0, first);

        Assert.Equal(WriteOutcome.Conflict, await bench.WriteAsync(key, 77, bench.Record(first.WindowStartMs, 2)));
        Assert.Equal(WriteOutcome.Conflict, await bench.WriteAsync(key, 0, bench.Record(first.WindowStartMs, 2)));
        Assert.Equal(first, (await bench.ReadAsync(key)).Record);
    }

    [PostgresFact]
    public async Task Refuses_a_window_that_goes_back()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var key = StoreBench.Key("calls");
        var now = bench.Record(StoreBench.StartMs(key), 1);
        await bench.WriteAsync(key, 0, now);

        var before = bench.Record(StoreBench.StartMs(key, -1), 1);
        Assert.Equal(WriteOutcome.Conflict, await bench.WriteAsync(key, now.Nonce, before));
        Assert.Equal(now, (await bench.ReadAsync(key)).Record);
    }

    [PostgresFact]
    public async Task Refuses_a_window_that_its_own_clock_has_not_reached()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var key = StoreBench.Key("calls", 3600);
        var next = bench.Record(StoreBench.StartMs(key, 1), 1);
        Assert.NotEqual(WriteOutcome.Ok, await bench.WriteAsync(key, 0, next));
        Assert.Equal(ReadOutcome.Absent, (await bench.ReadAsync(key)).Outcome);

        var now = bench.Record(StoreBench.StartMs(key), 1);
        Assert.Equal(WriteOutcome.Ok, await bench.WriteAsync(key, 0, now));
        Assert.NotEqual(WriteOutcome.Ok, await bench.WriteAsync(key, now.Nonce, next));
        Assert.Equal(now, (await bench.ReadAsync(key)).Record);
    }

    [PostgresFact]
    public async Task A_batch_says_of_each_counter_what_became_of_it()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions() with { Writers = 1 });
        var keys = Enumerable.Range(0, 900).Select(i => StoreBench.Key($"c{i}")).ToArray();
        var startMs = StoreBench.StartMs(keys[0]);
        var records = keys.Select(_ => bench.Record(startMs, 1)).ToArray();
        var made = await Task.WhenAll(keys.Select((key, i) => bench.WriteAsync(key, 0, records[i]).AsTask()));
        Assert.All(made, outcome => Assert.Equal(WriteOutcome.Ok, outcome));

        var before = bench.Store.WriteBatches;
        var written = await Task.WhenAll(keys.Select((key, i) =>
            bench.WriteAsync(key, i % 3 == 0 ? 77 : records[i].Nonce, bench.Record(startMs, 2 + i)).AsTask()));

        for (var i = 0; i < keys.Length; i++)
            Assert.Equal(i % 3 == 0 ? WriteOutcome.Conflict : WriteOutcome.Ok, written[i]);
        Assert.InRange(bench.Store.WriteBatches - before, 4, 40);
        var read = await Task.WhenAll(keys.Select(key => bench.ReadAsync(key).AsTask()));
        for (var i = 0; i < keys.Length; i++)
            Assert.Equal(Amount.FromUnits(i % 3 == 0 ? 1 : 2 + i).Nano, read[i].Record.Reserved);
    }

    [PostgresFact]
    public async Task A_batch_shows_for_each_conflict_the_record_of_its_own_counter()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());

        // More than once, as a connection goes on with what it has prepared.
        for (var round = 0; round < 4; round++)
        {
            // Neither in the order of their keys nor of their ends: 0 fits, 1 does not, 2 has no record.
            var keys = Enumerable.Range(0, 60).Select(i => StoreBench.Key($"c{round}-{i * 37 % 60}")).ToArray();
            var startMs = StoreBench.StartMs(keys[0]);
            var first = keys.Select((_, i) => bench.Record(startMs, i)).ToArray();
            await Task.WhenAll(keys.Select((key, i) =>
                i % 3 == 2 ? Task.CompletedTask : bench.WriteAsync(key, 0, first[i]).AsTask()));
            var swaps = await Task.WhenAll(keys.Select((key, i) => bench.Store.WriteAsync(
                key, first[i].Nonce + (i % 3 == 1 ? 1UL : 0UL), bench.Record(startMs, 100 + i), default).AsTask()));
            for (var i = 0; i < keys.Length; i++)
            {
                Assert.Equal(i % 3 == 0 ? WriteOutcome.Ok : WriteOutcome.Conflict, swaps[i].Outcome);
                Assert.Equal(i % 3 == 0 ? null : i % 3 == 1 ? first[i] : default(Reservation), swaps[i].Met);
            }
        }
    }

    [PostgresFact]
    public async Task Keys_that_a_table_could_refuse_are_kept_apart()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        string[] names =
            [new('x', 5000), new string('x', 4999) + "y", "zero\0", "half\ud800", "half\ud801", "#", "ä", " "];
        var keys = names.Select(name => StoreBench.Key(name)).ToArray();
        var startMs = StoreBench.StartMs(keys[0]);
        var records = keys.Select((_, i) => bench.Record(startMs, i)).ToArray();
        var made = await Task.WhenAll(keys.Select((key, i) => bench.WriteAsync(key, 0, records[i]).AsTask()));
        Assert.All(made, outcome => Assert.Equal(WriteOutcome.Ok, outcome));
        for (var i = 0; i < keys.Length; i++) Assert.Equal(records[i], (await bench.ReadAsync(keys[i])).Record);
    }

    [PostgresFact]
    public async Task First_records_with_the_same_nonce_are_distinguished_by_counter()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var keys = Enumerable.Range(0, 100).Select(i => StoreBench.Key($"c{i}", 3600)).ToArray();
        var startMs = StoreBench.StartMs(keys[0]);
        foreach (var key in keys[..50]) await bench.WriteAsync(key, 0, bench.Record(startMs, 1));

        var same = bench.Record(startMs, 2);
        var outcomes = await Task.WhenAll(keys.Select(key => bench.WriteAsync(key, 0, same).AsTask()));
        Assert.All(outcomes[..50], outcome => Assert.Equal(WriteOutcome.Conflict, outcome));
        Assert.All(outcomes[50..], outcome => Assert.Equal(WriteOutcome.Ok, outcome));
    }
}
