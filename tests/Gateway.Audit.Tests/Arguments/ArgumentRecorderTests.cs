using Gateway.Audit.Arguments;
using Gateway.Policy;
using Gateway.Policy.Recording;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Audit.Tests.Arguments;

public sealed class ArgumentRecorderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly EphemeralDataProtectionProvider _protection = new();

    private string Directory => Path.Combine(_folder.Path, "arguments");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_kept_is_found_by_call_and_instant_and_is_not_readable_on_file()
    {
        var (first, second) = (CallId.New(), CallId.New());
        await WriteAsync(
            new RecordedArgumentsOptions(), (first.Bits, 1000, Kept("alpha")), (second.Bits, 1001, Kept("beta")));

        using var reader = Reader();
        // Records may stand in another order than the values.
        Assert.Contains("beta", Text(reader.Find(second.ToString(), 1001)), StringComparison.Ordinal);
        Assert.Contains("alpha", Text(reader.Find(first.ToString(), 1000)), StringComparison.Ordinal);
        Assert.Null(reader.Find(first.ToString(), 1001));
        Assert.Null(reader.Find(CallId.New().ToString(), 1000));
        Assert.Null(reader.Find("no id", 1000));
        Assert.Equal(0, reader.Unopened);
        var bytes = await File.ReadAllBytesAsync(Assert.Single(System.IO.Directory.GetFiles(Directory, "*.sealed")));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("alpha"u8));
        if (OperatingSystem.IsWindows())
            return;
        foreach (var path in System.IO.Directory.GetFiles(Directory))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Values_are_found_by_ids_alone_until_they_expire()
    {
        var ids = Enumerable.Range(0, 3).Select(static _ => CallId.New()).ToArray();
        await WriteAsync(
            new RecordedArgumentsOptions(), [.. ids.Select(static (id, at) => (id.Bits, 1000L + at, Kept($"v{at}")))]);

        var found = new ArgumentLookup(Directory, _protection, 1001).Find(
            [ids[0].ToString(), ids[2].ToString(), CallId.New().ToString(), "no id"], sinceMs: 1000, default);

        var search = new ArgumentSearch(Directory, _protection, TimeProvider.System);
        var byText = search.Find(["V2", "none", "v"], oldestMs: 1001, TimeSpan.FromMinutes(1), default);
        Assert.Equal(
            [(ids[1].ToString(), 4), (ids[2].ToString(), 5)],
            byText.Words.Select(static one => (one.Key, one.Value)).OrderBy(static one => one.Value));
        Assert.Equal(0, byText.ReachedMs);
        Assert.Equal(1002, search.Find(["v2"], 1001, TimeSpan.Zero, default).ReachedMs);
        var one = Assert.Single(found);
        Assert.Equal(ids[2].ToString(), one.Key);
        Assert.Contains("v2", Text(one.Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Matches_are_calls_whose_recorded_values_meet_the_conditions_until_they_are_erased()
    {
        var ids = Enumerable.Range(0, 4).Select(static _ => CallId.New()).ToArray();
        var time = new JumpingTime(DateTimeOffset.UnixEpoch + TimeSpan.FromDays(8), isStill: true);
        var options = new RecordedArgumentsOptions();
        var nowMs = (long)TimeSpan.FromDays(8).TotalMilliseconds;
        await WriteAsync(options, time, [.. ids[..2].Select((id, at) => (id.Bits, nowMs + at, Kept($"{99 + at}")))]);
        // Values of the third call have expired; nothing is recorded of the fourth.
        await WriteAsync(options, time, (ids[2].Bits, (long)TimeSpan.FromHours(23).TotalMilliseconds, Kept("500")));
        await using var recorder = New(options, time);
        var filter = ArgumentFilter.Read(["args.to gte 100"], out _)!;

        var before = recorder.Matching(filter, default);
        var open = ids.Select(id => before.Has(id.ToString(), null)).ToArray();
        recorder.Erase(new HashSet<UInt128> { ids[1].Bits });

        Assert.Equal([false, true, false, false], open);
        Assert.True(recorder.Matching(ArgumentFilter.Read(["args.to eq 99"], out _)!, default)
            .Has("no id", ids[0].ToString()));
        Assert.Equal(DateTimeOffset.UnixEpoch + TimeSpan.FromDays(1), before.Reached);
        Assert.False(recorder.Matching(filter, default).Has(ids[1].ToString(), null));
        // A search that began before the erasure finds other values at the place, or none.
        Assert.False(before.Has(ids[1].ToString(), null));
    }

    [Fact]
    public async Task A_file_that_was_cut_off_or_changed_gives_what_is_whole_and_nothing_else()
    {
        var calls = Enumerable.Range(0, 3).Select(static i => (CallId.New().Bits, 1000L + i, Kept($"v{i}"))).ToArray();
        await WriteAsync(new RecordedArgumentsOptions(), calls);
        var path = Assert.Single(System.IO.Directory.GetFiles(Directory, "*.sealed"));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[60] ^= 1; // in the first call's sealed values
        await File.WriteAllBytesAsync(path, bytes[..^5]);

        using var reader = Reader();
        Assert.Null(reader.Find(new CallId(calls[0].Bits).ToString(), 1000));
        Assert.NotNull(reader.Find(new CallId(calls[1].Bits).ToString(), 1001));
        Assert.Null(reader.Find(new CallId(calls[2].Bits).ToString(), 1002));
        Assert.Equal(1, reader.Unopened);
    }

    [Fact]
    public async Task Values_of_one_call_cannot_be_put_in_the_place_of_anothers()
    {
        var (mine, other) = (CallId.New(), CallId.New());
        await WriteAsync(new RecordedArgumentsOptions(), (mine.Bits, 1000, Kept("mine")));
        var path = Assert.Single(System.IO.Directory.GetFiles(Directory, "*.sealed"));
        var bytes = await File.ReadAllBytesAsync(path);
        Convert.FromHexString(other.ToString()).CopyTo(bytes, 4);
        await File.WriteAllBytesAsync(path, bytes);

        using var reader = Reader();
        Assert.Null(reader.Find(other.ToString(), 1000));
        Assert.Equal(1, reader.Unopened);
    }

    [Fact]
    public async Task Nothing_is_kept_longer_than_it_may_be()
    {
        var time = new JumpingTime(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), isStill: true);
        var options = new RecordedArgumentsOptions();
        await WriteAsync(options, time, (CallId.New().Bits, 1L, Kept("old")));
        Assert.Single(System.IO.Directory.GetFiles(Directory, "*.sealed"));
        time.Jump(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        await WriteAsync(options, time);
        Assert.Single(System.IO.Directory.GetFiles(Directory, "*.sealed"));
        time.Jump(TimeSpan.FromSeconds(1));
        await WriteAsync(options, time);
        Assert.Empty(System.IO.Directory.GetFiles(Directory, "*.sealed"));
    }

    [Fact]
    public async Task A_short_age_divides_values_into_files_that_expire_one_after_the_other()
    {
        var time = new JumpingTime(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), isStill: true);
        var options = new RecordedArgumentsOptions { AgeMax = TimeSpan.FromMinutes(1) };
        var startMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var calls = new[] { (Id: CallId.New(), AtMs: startMs), (Id: CallId.New(), AtMs: startMs + 30_000) };
        await using (var recorder = New(options, time))
        {
            await PostAsync(recorder, calls[0]);
            time.Jump(TimeSpan.FromSeconds(30));
            await PostAsync(recorder, calls[1]);
            Assert.Equal(2, System.IO.Directory.GetFiles(Directory, "*.sealed").Length);

            time.Jump(TimeSpan.FromSeconds(31));
            using var reader = recorder.OpenReader();
            Assert.Equal([false, true], calls.Select(one => IsFound(reader, one)));
        }

        await WriteAsync(options, time);
        Assert.Single(System.IO.Directory.GetFiles(Directory, "*.sealed"));

        static bool IsFound(ArgumentReader reader, (CallId Id, long AtMs) call) =>
            reader.Find(call.Id.ToString(), call.AtMs) is not null;

        static async Task PostAsync(ArgumentRecorder recorder, (CallId Id, long AtMs) call)
        {
            recorder.Post(call.Id.Bits, call.AtMs, Kept("v"));
            await Soon.UntilAsync(() =>
            {
                using var reader = recorder.OpenReader();
                return IsFound(reader, call);
            }, "the value is on disk");
        }
    }

    [Theory]
    [InlineData("7.00:00:00", "06:00:00")]
    [InlineData("400.00:00:00", "1.00:00:00")]
    [InlineData("00:01:00", "00:00:02.1428571")]
    public void A_file_covers_a_28th_of_the_age_and_at_most_a_day(string age, string span) => Assert.Equal(
        TimeSpan.Parse(span), new RecordedArgumentsOptions { AgeMax = TimeSpan.Parse(age) }.FileSpan());

    [Fact]
    public async Task Where_nothing_is_kept_there_is_no_directory_and_nothing_is_found()
    {
        await WriteAsync(new RecordedArgumentsOptions());
        Assert.False(System.IO.Directory.Exists(Directory));
        using var reader = Reader();
        Assert.Null(reader.Find(CallId.New().ToString(), 1));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_loses_values_and_stops_no_call()
    {
        await File.WriteAllTextAsync(Directory, "in the way");
        var recorder = New(new RecordedArgumentsOptions(), TimeProvider.System);
        recorder.Post(1, 1, Kept("a"));
        await recorder.DisposeAsync();
        Assert.Equal(1, recorder.Lost);
    }

    private static byte[] Kept(string value) => PolicyLoader
        .Load("""{"version":"1","default":"deny","record_arguments":true}"""u8.ToArray(), "p").Policy!
        .Bind("g", "s").Recording!.Keep(Encoding.UTF8.GetBytes($$"""{"to":"{{value}}"}"""))!;

    private static string Text(Gateway.Policy.Recording.RecordedArguments? found) =>
        Encoding.UTF8.GetString(found!.Json.Span);

    private ArgumentReader Reader() => new(Directory, _protection, oldestMs: 0);

    private Task WriteAsync(RecordedArgumentsOptions options, params (UInt128, long, byte[])[] calls) =>
        WriteAsync(options, TimeProvider.System, calls);

    private async Task WriteAsync(
        RecordedArgumentsOptions options, TimeProvider time,
        params (UInt128 CallId, long TimeMs, byte[] Values)[] calls)
    {
        await using var recorder = New(options, time);
        foreach (var (callId, timeMs, values) in calls)
            recorder.Post(callId, timeMs, values);
    }

    private ArgumentRecorder New(RecordedArgumentsOptions options, TimeProvider time) => new(
        options with { Directory = Directory }, _protection, time, NullLogger<ArgumentRecorder>.Instance);
}
