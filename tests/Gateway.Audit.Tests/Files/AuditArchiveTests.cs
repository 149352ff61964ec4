using Gateway.Audit.Files;
using Gateway.Audit.Reading;

namespace Gateway.Audit.Tests.Files;

public sealed class AuditArchiveTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Compresses_a_file_that_is_no_longer_written_and_reads_it_like_any_other()
    {
        using var log = Open(new AuditRetention { BytesMax = 16 << 20 });
        for (var i = 0; i < 40; i++)
            await log.RecordAsync(Line(i, 64 * 1024));

        await Soon.UntilAsync(() => Names(".gz") >= 8 && Names(".jsonl") == 1, "the older ones are compressed");

        Assert.Equal(Enumerable.Range(0, 40), Numbers());
        Assert.True(log.Archive.KeptBytes is > 0 and < 40 * 64 * 1024 / 4, $"{log.Archive.KeptBytes} bytes");
        var reader = new AuditReader(_folder.Path + "/audit");
        var newest = reader.Tail(Query(), count: 30, before: null);
        Assert.Equal(Enumerable.Range(10, 30), newest.Items.Select(Number));
        var before = reader.Tail(Query(), count: 30, newest.Earlier);
        Assert.Equal(Enumerable.Range(0, 10), before.Items.Select(Number));
    }

    [Fact]
    public async Task Deletes_the_oldest_for_want_of_room_and_says_so()
    {
        using var log = Open(new AuditRetention { BytesMax = AuditRetention.BytesMaxLeast });
        for (var i = 0; i < 60; i++)
            await log.RecordAsync(Line(i, 64 * 1024, isDense: true));

        await Soon.UntilAsync(() => log.Archive.DroppedFiles > 0 && Bytes() <= AuditRetention.BytesMaxLeast,
            "what is too much is deleted");

        Assert.Equal(59, Numbers().Last());
        Assert.Equal(Numbers().Order(), Numbers());
        Assert.True(log.Archive.DroppedBytes > 0);
        Assert.True(log.IsHealthy);
    }

    [Fact]
    public async Task Denies_when_full_where_every_record_is_to_be_kept_until_files_are_moved_away()
    {
        using var log = Open(new AuditRetention { BytesMax = AuditRetention.BytesMaxLeast, DeniesWhenFull = true });
        var written = 0;
        while (written < 60 && await log.RecordAsync(Line(written, 64 * 1024, isDense: true)))
            written++;

        Assert.InRange(written, 8, 59);
        Assert.Contains("move its oldest files away", log.Fault, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, written), Numbers());

        await Soon.UntilAsync(() => Names(".jsonl") <= 1, "nothing is compressed any more");
        foreach (var path in Directory.GetFiles(_folder.Path + "/audit", "*.gz"))
            File.Delete(path);
        await Soon.UntilAsync(() => log.IsHealthy, "it goes on by itself");
        Assert.True(await log.RecordAsync(Line(written)));
    }

    [Fact]
    public void Looks_once_a_second_whether_a_week_would_fit()
    {
        using var archive = new AuditArchive(
            _folder.Path, new AuditRetention { BytesMax = 1 << 20 }, 1000, _time, NullLogger<AuditLog>.Instance);

        archive.NoteWritten(1 << 30);
        Assert.False(archive.IsTight);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(archive.IsTight);

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(archive.IsTight);
    }

    [Fact]
    public async Task Deletes_by_age_and_begins_a_file_each_day()
    {
        using (var log = Open(new AuditRetention { Age = 3 * Day }))
        {
            for (var day = 0; day < 10; day++)
            {
                await log.RecordAsync(Line(day));
                File.SetLastWriteTimeUtc(Newest(), _time.GetUtcNow().UtcDateTime);
                _time.Advance(Day);
            }

            await Soon.UntilAsync(() => Numbers().First() >= 6, "what is older than three days is deleted");
            Assert.Equal(0, log.Archive.DroppedFiles);
        }

        Assert.Equal(9, Numbers().Last());
    }

    [Fact]
    public async Task Deletes_nothing_early_by_a_clock_that_jumps_ahead()
    {
        var wall = new JumpedTime(_time);
        var clock = new ProcessClock(wall);
        using var log = Open(new AuditRetention { Age = 3 * Day }, new ProcessTime(clock, wall));
        for (var day = 0; day < 3; day++)
        {
            await log.RecordAsync(Line(day));
            _time.Advance(Day);
            clock.NowMs();
        }

        wall.By = 30 * Day;
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), clock.NowMs());
        Assert.False(clock.IsTrusted);
        for (var i = 3; i < 6; i++)
            await log.RecordAsync(Line(i));
        await Soon.UntilAsync(() => Names(".gz") == 3, "each look at the older files has ended");
        Assert.Equal(Enumerable.Range(0, 6), Numbers());

        wall.By = TimeSpan.Zero;
        _time.Advance(2 * Day);
        await log.RecordAsync(Line(6));
        await Soon.UntilAsync(() => Numbers().First() >= 2, "what is older than three days is deleted");
        Assert.Equal(6, Numbers().Last());
    }

    [Fact]
    public async Task Goes_on_after_a_crash_between_compressing_and_deleting()
    {
        using (var log = Open(new AuditRetention { BytesMax = 16 << 20 }))
        {
            for (var i = 0; i < 40; i++)
                await log.RecordAsync(Line(i, 64 * 1024));
        }

        // The process ended: once with both, once with half of the compressed one.
        var packed = Directory.GetFiles(_folder.Path + "/audit", "*.gz").Order().First();
        using (var plain = File.Create(packed[..^".gz".Length]))
        {
            using var whole = AuditFileName.Of(packed)!.Value.Open(0);
            whole.CopyTo(plain);
        }

        File.WriteAllText(packed + ".unfinished", "half");
        Assert.Equal(Enumerable.Range(0, 40), ReadAll());

        using (var log = Open(new AuditRetention { BytesMax = 16 << 20 }))
            await Soon.UntilAsync(() => Names(".unfinished") == 0 && Names(".jsonl") <= 1, "it is tidied up");
        Assert.Equal(Enumerable.Range(0, 40), ReadAll());
    }

    [Theory]
    [InlineData("0d", null, null, "not a valid age")]
    [InlineData("30", null, null, "not a valid age")]
    [InlineData(null, "10", null, "not a valid size")]
    [InlineData(null, "9999999999TB", null, "not a valid size")]
    [InlineData(null, "-5GB", null, "not a valid size")]
    [InlineData(null, null, "drop", "write rotate or deny")]
    public void Refuses_what_is_no_setting(string? age, string? bytes, string? onFull, string said) => Assert.Contains(
        said, Assert.Throws<FormatException>(() => AuditRetention.Parse(age, bytes, onFull)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Reads_settings_as_they_are_written()
    {
        var retention = AuditRetention.Parse("90d", "20GB", "deny");

        Assert.Equal(TimeSpan.FromDays(90), retention.Age);
        Assert.Equal(20_000_000_000, retention.BytesMax);
        Assert.True(retention.DeniesWhenFull);
        Assert.Null(AuditRetention.Parse("never", null, null).Age);
        Assert.Equal(TimeSpan.FromDays(30), AuditRetention.Parse(null, null, null).Age);
    }

    public void Dispose() => _folder.Dispose();

    private AuditLog Open(AuditRetention retention, TimeProvider? time = null) => new(
        new AuditLogOptions
        {
            Directory = Path.Combine(_folder.Path, "audit"),
            FileBytesMax = 256 * 1024,
            Retention = retention,
        },
        time ?? _time, NullLogger<AuditLog>.Instance,
        []);

    private static AuditQuery Query() => AuditQuery.Read(new Microsoft.AspNetCore.Http.QueryCollection(), out _)!;

    private string Newest() => Directory.GetFiles(_folder.Path + "/audit", "*.jsonl").Order().Last();

    private int Names(string end) => Directory.GetFiles(_folder.Path + "/audit", "*" + end).Length;

    private long Bytes() => AuditArchive.Files(_folder.Path + "/audit").Sum(static file => file.Length);

    private IEnumerable<int> ReadAll() =>
        new AuditReader(_folder.Path + "/audit").Read(Query(), null, 1000).Items.Select(Number);

    private List<int> Numbers() => [.. ReadAll()];

    private static int Number(JsonElement record) => record.GetProperty("n").GetInt32();

    private static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Line(int number, int length = 0, bool isDense = false)
    {
        var filler = isDense ? Convert.ToHexString(Noise(number, length / 2)) : new string('x', length);
        return Encoding.UTF8.GetBytes($$"""{"kind":"decision","n":{{number}},"filler":"{{filler}}"}""" + "\n");
    }

    /// <summary>Wall time that is ahead; monotonic time as it was.</summary>
    private sealed class JumpedTime(TimeProvider time) : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + By;

        public override long GetTimestamp() => time.GetTimestamp();
    }
}
