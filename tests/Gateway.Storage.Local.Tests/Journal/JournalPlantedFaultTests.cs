namespace Gateway.Storage.Local.Tests.Journal;

/// <summary>The journal's own rule, taken out: what the reader then finds.</summary>
public sealed class JournalPlantedFaultTests
{
    [Fact]
    public void Finds_appends_after_a_short_write()
    {
        for (var room = 1; room < 60; room++)
        {
            var disk = new MemoryDisk();
            using var file = new JournalFile(disk);
            Assert.True(file.TryRewrite(new JournalState(), out _));
            disk.RoomBytes = room;
            Assert.Throws<IOException>(() => file.Append(Batch()));
            disk.RoomBytes = long.MaxValue;

            // The rule: nothing more to this file. Without it, a good record stands behind a torn one.
            file.Append(Batch());
            Assert.Throws<JournalException>(() => file.Read());
        }
    }

    private static JournalBatch Batch()
    {
        var batch = new JournalBatch();
        var counters = new JournalIndex();
        batch.AddCounter(counters, counters.Add(Asked.Key(), new Reservation(0, 1, 2)), isNamed: true);
        return batch;
    }
}
