using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Tests;

public sealed class ExactnessCheckTests : IDisposable
{
    private readonly TestFolder _data = new("exactness-");

    [Fact]
    public void Finds_a_limit_that_was_kept()
    {
        Record("a", "b");

        var report = Check(("a", 1), ("b", 1));

        Assert.True(report.IsExact);
        Assert.Equal(1, report.Windows);
        Assert.Equal(1, report.Full);
    }

    [Fact]
    public void Finds_a_window_with_more_than_it_admits()
    {
        Record("a", "b", "c");

        var report = Check(("a", 1), ("b", 1), ("c", 1));

        Assert.False(report.IsExact);
        Assert.Equal(1, report.Over);
    }

    [Fact]
    public void Leaves_out_what_never_reached_the_server()
    {
        Record("a", "b", "c");

        Assert.True(Check(("a", 1), ("c", 1)).IsExact);
    }

    [Fact]
    public void Finds_a_call_that_the_server_saw_twice()
    {
        Record("a");

        Assert.Equal(1, Check(("a", 2)).Twice);
    }

    [Fact]
    public void Finds_a_call_that_nobody_recorded()
    {
        Record("a");

        Assert.Equal(1, Check(("a", 1), ("z", 1)).Unrecorded);
    }

    public void Dispose() => _data.Dispose();

    private ExactnessReport Check(params (string Id, int Times)[] seen) =>
        ExactnessCheck.Of(seen.ToDictionary(static one => one.Id, static one => one.Times), [_data.Path]);

    private void Record(params string[] ids)
    {
        var audit = Directory.CreateDirectory(Path.Combine(_data.Path, "audit"));
        File.WriteAllLines(Path.Combine(audit.FullName, "audit-00000001.jsonl"), ids.Select(static id => $$"""
            {"kind":"decision","callId":"{{id}}","counters":[{"key":"k","window":"w","cost":"1","max":"2"}]}
            """));
    }
}
