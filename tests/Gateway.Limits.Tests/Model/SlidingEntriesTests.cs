namespace Gateway.Limits.Tests.Model;

public sealed class SlidingEntriesTests
{
    private static readonly SlidingEntries Three = SlidingEntries.Empty.With(100, 1).With(300, 3).With(200, 2);

    [Fact]
    public void Are_ascending_and_one_a_deadline()
    {
        var entries = Three.With(200, 5).With(100, 0);
        Assert.Equal<SlidingEntry>([new(100, 1), new(200, 7), new(300, 3)], entries.All);
        Assert.Equal(11, entries.Total);
    }

    [Fact]
    public void Slide_out_at_the_front()
    {
        Assert.Same(Three, Three.From(100));
        Assert.Equal<SlidingEntry>([new(200, 2), new(300, 3)], Three.From(101).All);
        Assert.Same(SlidingEntries.Empty, Three.From(301));
    }

    [Fact]
    public void Numbers_come_out_only_where_they_are()
    {
        var left = Three.Without(SlidingEntries.Empty.With(200, 1).With(300, 3))!;
        Assert.Equal<SlidingEntry>([new(100, 1), new(200, 1)], left.All);
        Assert.Null(Three.Without(SlidingEntries.Empty.With(200, 3)));
        Assert.Null(Three.Without(SlidingEntries.Empty.With(150, 1)));
        Assert.Null(Three.Without(SlidingEntries.Empty.With(400, 1)));
    }

    [Fact]
    public void Name_the_deadline_that_makes_room()
    {
        Assert.Null(Three.DeadlineToPass(6));
        Assert.Equal(100, Three.DeadlineToPass(5));
        Assert.Equal(200, Three.DeadlineToPass(4));
        Assert.Equal(200, Three.DeadlineToPass(3));
        Assert.Equal(300, Three.DeadlineToPass(2));
        Assert.Equal(300, Three.DeadlineToPass(0));
    }

    [Fact]
    public void Are_read_back_as_they_were_written()
    {
        var large = SlidingEntries.Empty;
        for (var i = 0; i < 1100; i++)
            large = large.With(1_772_366_400_000 + (i * 60), Amount.FromUnits(1 + (i * 900_000_000_000_000L)).Nano);
        foreach (var entries in new[] { SlidingEntries.Empty, Three, large })
            Assert.Equal(entries, SlidingEntries.FromBytes(entries.ToBytes()));
        Assert.InRange(large.ToBytes().Length, 0, 20_000);
    }

    [Fact]
    public void Are_refused_where_a_byte_is_missing_or_too_many()
    {
        var bytes = Three.ToBytes();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Null(SlidingEntries.FromBytes(bytes.AsSpan(0, length)));
        Assert.Null(SlidingEntries.FromBytes([.. bytes, 0]));
        Assert.Null(SlidingEntries.FromBytes([2, 0]));
        Assert.Null(SlidingEntries.FromBytes([1, 1, 5, 0]));
        Assert.Null(SlidingEntries.FromBytes([1, .. Enumerable.Repeat((byte)0xff, 18), 3]));
    }

    [Fact]
    public void Bytes_of_any_kind_are_read_or_refused()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Three.ToBytes();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (SlidingEntries.FromBytes(bytes) is { } read) Assert.True(read.Total > 0 || read.IsEmpty);
        }
    }

    [Theory]
    [InlineData("second", 500, 10)]
    [InlineData("10s", 500, 10)]
    [InlineData("20s", 1000, 20)]
    [InlineData("minute", 2000, 60)]
    [InlineData("day", 2000, 86_400)]
    [InlineData("week", 2000, 604_800)]
    public void Of_a_length_have_few_deadlines_never_too_early(string length, long useMs, long stepMs)
    {
        var window = Asked.Period(length);
        Assert.Equal(useMs, SlidingTimes.UseMs(window));
        Assert.Equal(stepMs, SlidingTimes.StepMs(window));
        for (var nowMs = 1_772_366_400_000; nowMs < 1_772_366_400_000 + 200; nowMs++)
            Assert.InRange(SlidingTimes.DeadlineMs(window, nowMs) - nowMs, useMs, useMs + stepMs - 1);
        Assert.InRange((SlidingTimes.RecordEndMs(window, 0) / stepMs) + 1, 1, 1110);
    }
}
