using Gateway.Audit.Files;
using Gateway.Audit.Sinks;

namespace Gateway.Audit.Tests.Writing;

public sealed class AuditBatchTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly AuditFile _file;
    private readonly AuditBatch _batch;

    public AuditBatchTests()
    {
        _file = new AuditFile(Folder, Archive(), _time, flushToDisk: false);
        _batch = Batch(_file);
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
        _time.AutoAdvanceAmount = TimeSpan.FromMilliseconds(5);
        Write();
        Assert.True(_batch.IsQuick(1));
        Write();
        Assert.False(_batch.IsQuick(1));

        _time.AutoAdvanceAmount = TimeSpan.Zero;
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
            _time.AutoAdvanceAmount = i % 2 == 0 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
            Write();
        }

        Assert.True(_batch.IsQuick(1));
    }

    [Fact]
    public void Is_not_quick_after_a_failed_write()
    {
        Directory.Delete(Folder, recursive: true);
        Assert.False(_batch.TryWrite("x\n"u8, 1));
        Assert.False(_batch.IsQuick(1));
        Assert.Equal((0, 1), (_batch.Written, _batch.Lost));
    }

    [Fact]
    public void Brings_every_sink_the_same_lines_in_one_order_by_their_number()
    {
        var relay = new Relay();
        var batch = Batch(_file, relay);

        Assert.True(batch.TryWrite("a\nb\n"u8, 2));
        Assert.True(batch.TryWrite("c\n"u8, 1));

        Assert.Equal([(0, "a\nb\n"), (2, "c\n")], relay.Taken);
        using var written = new StreamReader(new FileStream(
            Assert.Single(Directory.GetFiles(Folder, "*.jsonl")), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        Assert.Equal("a\nb\nc\n", written.ReadToEnd());
    }

    [Fact]
    public void Denies_when_a_sink_cannot_take_the_lines_and_says_what_is_missing_once_it_can()
    {
        var relay = new Relay { Fault = "the collector is away" };
        var batch = Batch(_file, relay);

        Assert.False(batch.TryWrite("a\n"u8, 1));
        Assert.Equal("the collector is away", batch.Fault);
        Assert.False(batch.IsQuick(1));

        relay.Fault = null;
        Assert.True(batch.TryWrite("b\n"u8, 1));
        Assert.Equal([0, 1], relay.Taken.Select(taken => taken.First));
        Assert.StartsWith("{\"kind\":\"gap\"", relay.Taken[0].Lines, StringComparison.Ordinal);
        Assert.Equal("b\n", relay.Taken[1].Lines);
    }

    [Fact]
    public void Denies_when_no_sink_keeps_the_lines()
    {
        var batch = Batch(new Relay());
        Assert.False(batch.TryWrite("a\n"u8, 1));
        Assert.Equal((0, 1), (batch.Written, batch.Lost));
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    private string Folder => Path.Combine(_folder.Path, "audit");

    private AuditArchive Archive() => new(
        Folder, new AuditRetention { BytesMax = 1 << 20 }, fileBytesMax: 1000, _time, NullLogger<AuditLog>.Instance);

    private AuditBatch Batch(params IAuditSink[] sinks) => new(sinks, _time, NullLogger<AuditLog>.Instance);

    private void Write()
    {
        Assert.True(_batch.TryWrite("x\n"u8, 1));
    }

    /// <summary>Passes lines on, and keeps none.</summary>
    private sealed class Relay : IAuditSink
    {
        public List<(long First, string Lines)> Taken { get; } = [];

        public string? Fault { get; set; }

        public bool HasRoom(int bytes) => true;

        public bool Append(ReadOnlySpan<byte> lines, long first)
        {
            Probe(lines.Length);
            Taken.Add((first, Encoding.UTF8.GetString(lines)));
            return false;
        }

        public void Probe(int bytes)
        {
            if (Fault is { } fault)
                throw new IOException(fault);
        }
    }
}
