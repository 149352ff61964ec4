using Gateway.Audit.Files;

namespace Gateway.Audit.Tests.Writing;

public sealed class AuditBatchTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SlowClock _time = new();
    private readonly AuditBatch _batch;

    public AuditBatchTests()
    {
        _batch = new AuditBatch(
            new AuditFile(Folder, Archive(), _time, flushToDisk: false), _time,
            NullLogger<AuditLog>.Instance);
    }

    [Fact]
    public void Is_quick_once_the_file_is_open_and_as_long_as_the_line_fits_it()
    {
        Assert.False(_batch.IsQuick(1));

        Write();

        Assert.True(_batch.IsQuick(998));
        Assert.False(_batch.IsQuick(999));
    }

    [Fact]
    public void Is_not_quick_after_two_slow_writes_running_until_a_hundred_were_quick()
    {
        Write();
        _time.Step = TimeSpan.FromMilliseconds(5);
        Write();
        Assert.True(_batch.IsQuick(1));
        Write();
        Assert.False(_batch.IsQuick(1));

        _time.Step = TimeSpan.Zero;
        for (var i = 0; i < 99; i++)
            Write();
        Assert.False(_batch.IsQuick(1));
        Write();
        Assert.True(_batch.IsQuick(1));
    }

    [Fact]
    public void Stays_quick_where_slow_writes_stand_alone()
    {
        for (var i = 0; i < 10; i++)
        {
            _time.Step = i % 2 == 0 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
            Write();
        }

        Assert.True(_batch.IsQuick(1));
    }

    [Fact]
    public void Is_not_quick_after_a_failed_write()
    {
        Directory.Delete(Folder, recursive: true);
        _batch.Add("x\n"u8);

        Assert.False(_batch.TryWrite());
        Assert.False(_batch.IsQuick(1));
        Assert.Equal((0, 1), (_batch.Written, _batch.Lost));
    }

    public void Dispose()
    {
        _batch.Dispose();
        _folder.Dispose();
    }

    private string Folder => Path.Combine(_folder.Path, "audit");

    private AuditArchive Archive() => new(
        Folder, new AuditRetention { BytesMax = 1 << 20 }, fileBytesMax: 1000, _time, NullLogger<AuditLog>.Instance);

    private void Write()
    {
        _batch.Add("x\n"u8);
        Assert.True(_batch.TryWrite());
    }

    /// <summary>Each look at it takes as long as it is told.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long _ticks;

        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks += Step.Ticks;
    }
}
