using Gateway.Control.Options;

namespace Gateway.Storage.Local.Tests.Files;

/// <summary>The highest trusted time on disk.</summary>
public sealed class TrustedTimeFileTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new("2026-03-01T12:00:00Z");

    private string Path => System.IO.Path.Combine(_folder.Path, "clock");

    [Fact]
    public void Read_without_a_file_is_a_first_start() => Assert.Equal(default, Read());

    [Fact]
    public void Write_stores_the_present_and_Read_returns_it()
    {
        using var file = Open(new ProcessClock(_time));
        _time.Advance(1234);
        file.Write();
        Assert.Equal("2026-03-01T12:00:01.234Z\n", File.ReadAllText(Path));
        Assert.Equal(new StoredTime(_time.NowMs, null), Read());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void Write_never_stores_a_time_that_is_not_trusted()
    {
        var clock = new ProcessClock(_time);
        using var file = Open(clock);
        file.Write();
        var trusted = Read();
        _time.StepWall(3_600_000);
        file.Write();
        Assert.Equal(trusted, Read());

        Assert.True(clock.Accept());
        file.Write();
        Assert.Equal(_time.NowMs, Read().HighestMs);
    }

    [Fact]
    public void Accept_stores_the_confirmed_time_before_it_returns()
    {
        var clock = new ProcessClock(_time, stored: new StoredTime(_time.NowMs + 3_600_000, null));
        using var file = Open(clock);
        Assert.Null(clock.TrustedMs());

        Assert.True(clock.Accept());

        Assert.Equal(new StoredTime(_time.NowMs, null), Read());
    }

    [Fact]
    public void A_clock_that_was_set_back_leaves_the_highest_time()
    {
        using var file = Open(new ProcessClock(_time));
        file.Write();
        var highest = Read();
        _time.StepWall(-3_600_000);
        file.Write();
        Assert.Equal(highest, Read());

        var restarted = new ProcessClock(_time, stored: Read());
        Assert.Equal(highest.HighestMs, restarted.NowMs());
        Assert.False(restarted.IsTrusted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-03-01T12:00:00Z")]
    [InlineData("2026-03-01T12:00:00.000Z and more of it, far beyond what a time takes up in any file of ours")]
    public void Read_of_what_is_no_time_is_a_problem_that_names_the_file(string text)
    {
        File.WriteAllText(Path, text);
        Assert.Equal(
            new StoredTime(null, $"{Path} does not contain a time such as 2026-11-30T12:00:00.000Z"), Read());
    }

    [Fact]
    public void Read_of_a_folder_in_its_place_is_a_problem()
    {
        Directory.CreateDirectory(Path);
        Assert.StartsWith($"{Path}: ", Read().Problem, StringComparison.Ordinal);
        using var file = Open(new ProcessClock(_time));
        file.Write();
        Assert.True(Directory.Exists(Path));
    }

    [Fact]
    public async Task A_host_that_stops_stores_the_last_time()
    {
        using var file = Open(new ProcessClock(_time));
        await file.StartAsync(default);
        await Soon.UntilAsync(() => File.Exists(Path), "the first time is stored");
        _time.Advance(1000);
        await file.StopAsync(default);
        Assert.Equal(_time.NowMs, Read().HighestMs);
    }

    public void Dispose() => _folder.Dispose();

    private StoredTime Read() => TrustedTimeFile.Read(_folder.Path);

    private TrustedTimeFile Open(ProcessClock clock) => new(
        new ProcessOptions { DataDirectory = _folder.Path }, clock, TimeProvider.System,
        NullLogger<TrustedTimeFile>.Instance);
}
