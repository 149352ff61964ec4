namespace Gateway.Postgres.Tests.Reservations;

[Collection(DatabaseCollection.Name)]
public sealed class RaceTests(SharedDatabase shared)
{
    [PostgresFact]
    public async Task Of_many_first_writers_one_wins()
    {
        await using var fleet = await Fleet.OpenAsync(shared.NewOptions(), 4);
        for (var round = 0; round < 50; round++)
        {
            var key = StoreBench.Key($"c{round}");
            var startMs = StoreBench.StartMs(key);
            var records = fleet.Members.Select((_, i) => Record(startMs, round, i)).ToArray();
            var outcomes = await Task.WhenAll(
                fleet.Members.Select((member, i) => member.WriteAsync(key, 0, records[i]).AsTask()));
            var winner = Assert.Single(outcomes.Index(), outcome => outcome.Item == WriteOutcome.Ok).Index;
            Assert.Equal(fleet.Members.Length - 1, outcomes.Count(outcome => outcome == WriteOutcome.Conflict));
            Assert.Equal(records[winner], (await fleet.Members[0].ReadAsync(key)).Record);
        }
    }

    [PostgresFact]
    public async Task Of_writers_that_expect_one_nonce_one_wins()
    {
        await using var fleet = await Fleet.OpenAsync(shared.NewOptions(), 4);
        var key = StoreBench.Key("hot", 3600);
        var startMs = StoreBench.StartMs(key);
        var now = Record(startMs, 0, 0);
        await fleet.Members[0].WriteAsync(key, 0, now);
        for (var round = 1; round < 100; round++)
        {
            var records = fleet.Members.Select((_, i) => Record(startMs, round, i)).ToArray();
            var outcomes = await Task.WhenAll(
                fleet.Members.Select((member, i) => member.WriteAsync(key, now.Nonce, records[i]).AsTask()));
            now = records[Assert.Single(outcomes.Index(), outcome => outcome.Item == WriteOutcome.Ok).Index];
        }
    }

    [PostgresFact]
    public async Task Increments_by_many_writers_on_many_counters_add_up()
    {
        const int Members = 4, Counters = 20, Each = 15;
        await using var fleet = await Fleet.OpenAsync(shared.NewOptions(), Members);
        var keys = Enumerable.Range(0, Counters).Select(i => StoreBench.Key($"c{i}", 3600)).ToArray();
        var startMs = StoreBench.StartMs(keys[0]);
        await Task.WhenAll(fleet.Members.SelectMany((member, m) => keys.Select(async key =>
        {
            for (var done = 0; done < Each;)
            {
                var (_, record) = await member.ReadAsync(key);
                var next = new Reservation(startMs, record.Reserved + 1, UInt128.Parse($"{record.Reserved}{m}") + 1);
                if (await member.WriteAsync(key, record.Nonce, next) == WriteOutcome.Ok) done++;
            }
        })));
        foreach (var key in keys)
            Assert.Equal(Members * Each, (await fleet.Members[0].ReadAsync(key)).Record.Reserved);
    }

    private static Reservation Record(long startMs, int round, int member) =>
        new(startMs, round, new UInt128((ulong)round + 1, (ulong)member + 1));
}
