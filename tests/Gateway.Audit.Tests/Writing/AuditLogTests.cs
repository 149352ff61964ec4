using Gateway.Audit.Files;

namespace Gateway.Audit.Tests.Writing;

public sealed class AuditLogTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Has_the_line_on_file_when_it_says_so()
    {
        using var log = Open();

        Assert.True(await log.RecordAsync(Line("one")));

        Assert.Equal(["one"], Lines());
    }

    [Fact]
    public async Task Keeps_whole_lines_from_many_writers()
    {
        using (var log = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => log.RecordAsync(Line($"line {i}")).AsTask()));
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"line {i}").Order(), Lines().Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_finds_the_file_free_writes_its_line_itself(bool isInline)
    {
        using var log = Open(isInline: isInline);
        await log.RecordAsync(Line("opens the file"));
        await log.PostAsync(Line("outcome"));

        var written = log.RecordAsync(Line("decision"), neverBlocks: true);

        Assert.True(written.IsCompletedSuccessfully);
        Assert.True(await written);
        Assert.Equal(["opens the file", "outcome", "decision"], Lines());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Keeps_the_order_of_each_of_many_callers(bool isInline, bool flushToDisk)
    {
        const int Callers = 8, Each = 50;
        using (var log = Open(isInline: isInline, flushToDisk: flushToDisk))
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    Assert.True(await log.RecordAsync(Line($"{caller} {2 * i}"), neverBlocks: i % 2 == 0));
                    await log.PostAsync(Line($"{caller} {(2 * i) + 1}"));
                }
            })));
        }

        var byCaller = Lines().Select(line => line.Split(' ')).ToLookup(parts => parts[0], parts => parts[1]);
        Assert.Equal(Callers, byCaller.Count);
        foreach (var lines in byCaller)
            Assert.Equal(Enumerable.Range(0, 2 * Each).Select(i => $"{i}"), lines);
    }

    [Fact]
    public async Task Starts_a_new_file_at_the_bound()
    {
        using (var log = Open(bytesMax: 10))
        {
            for (var i = 0; i < 5; i++)
                await log.RecordAsync(Line($"number {i}"));
        }

        Assert.Equal(["number 0", "number 1", "number 2", "number 3", "number 4"], Lines());
    }

    [Fact]
    public async Task Goes_on_after_a_restart_without_touching_what_is_there()
    {
        using (var log = Open())
            await log.RecordAsync(Line("before"));
        File.AppendAllText(Files().Single(), "half a li");

        using (var log = Open())
            await log.RecordAsync(Line("after"));

        Assert.Equal(["before", "half a li", "after"], Lines());
    }

    [Fact]
    public async Task Restarts_push_no_older_file_out()
    {
        for (var i = 0; i < 5; i++)
        {
            using var log = Open();
            await log.RecordAsync(Line($"start {i}"));
        }

        Assert.Equal(["start 0", "start 1", "start 2", "start 3", "start 4"], Lines());
    }

    [Fact]
    public async Task Denies_when_the_folder_is_gone_and_recovers()
    {
        using var log = Open();
        var audit = Path.Combine(_folder.Path, "audit");
        Directory.Delete(audit, recursive: true);

        Assert.False(await log.RecordAsync(Line("lost")));
        Assert.False(log.IsHealthy);

        Directory.CreateDirectory(audit);
        Assert.True(await log.RecordAsync(Line("kept")));
        Assert.True(log.IsHealthy);
        Assert.Equal("kept", Lines().Last());
        Assert.Contains("\"kind\":\"gap\"", Lines().First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finds_out_by_itself_that_it_can_be_written_again_and_says_what_is_missing()
    {
        using var log = Open();
        var audit = Path.Combine(_folder.Path, "audit");
        Directory.Delete(audit, recursive: true);
        Assert.False(await log.RecordAsync(Line("""{"kind":"decision"}""")));
        Assert.False(await log.RecordAsync(Line("""{"kind":"decision"}""")));
        Assert.NotNull(log.Fault);

        Directory.CreateDirectory(audit);
        await Soon.UntilAsync(() => log.IsHealthy && Lines().Any(static line => line.EndsWith('}')), "it was probed");

        Assert.Contains("\"decisions\":2,\"outcomes\":0", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_directory_that_another_log_holds()
    {
        using var log = Open();

        var refusal = Assert.Throws<IOException>(() => Open());

        Assert.Contains("another process uses it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_what_is_queued_before_it_closes()
    {
        var log = Open();
        for (var i = 0; i < 100; i++)
            await log.PostAsync(Line($"{i}"));
        log.Dispose();

        Assert.Equal(100, Lines().Count());
    }

    [Fact]
    public async Task Has_a_line_that_nobody_waits_for_on_file_a_moment_later()
    {
        using var log = Open();

        await log.PostAsync(Line("outcome"));

        await Soon.UntilAsync(() => Lines().Any(), "the line is on file");
        Assert.Equal(["outcome"], Lines());
    }

    [Fact]
    public async Task Closes_even_where_the_last_call_ends_on_its_own_thread()
    {
        var log = Open(isInline: true);
        await log.PostAsync(Line("outcome"));

        await Task.Run(async () =>
        {
            await log.RecordAsync(Line("decision"), neverBlocks: true);
            log.Dispose();
        }).WaitAsync(Soon.AtMost);

        Assert.Equal(["outcome", "decision"], Lines());
        Assert.False(await log.RecordAsync(Line("late")));
    }

    public void Dispose() => _folder.Dispose();

    private AuditLog Open(long bytesMax = 1 << 20, bool isInline = false,
        bool flushToDisk = false) => new(
        new AuditLogOptions
        {
            Directory = Path.Combine(_folder.Path, "audit"),
            FileBytesMax = bytesMax,
            FlushToDisk = flushToDisk,
            IsInline = isInline,
        },
        TimeProvider.System,
        NullLogger<AuditLog>.Instance,
        []);

    private IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path.Combine(_folder.Path, "audit"), "audit-*").Order(StringComparer.Ordinal);

    private IEnumerable<string> Lines() => Files().SelectMany(ReadShared);

    private static string[] ReadShared(string path)
    {
        using var reader = new StreamReader(AuditFileName.Of(path)!.Value.Open(0));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\n");
}
