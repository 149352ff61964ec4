using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Table;

namespace Gateway.LoadTests.Tests.Table;

/// <summary>What is made of the figures that runs and other programs give.</summary>
public sealed class FiguresTests
{
    [Fact]
    public void Compares_calls_with_nginx_and_with_a_proxy_that_only_forwards_in_the_same_round()
    {
        Dictionary<string, IReadOnlyList<Round>> loaded = new()
        {
            ["nginx"] = [Cpu(10, 8), Cpu(20, 16)],
            [Comparison.BareInline] = [Cpu(15, 5), Cpu(20, 8)],
            ["gateway"] = [Cpu(30, 10), Cpu(50, 20)],
            ["gateway inline"] = [Cpu(20, 4), Cpu(60, 10)],
            ["gateway inline, denied"] = [Cpu(9, 3), Cpu(11, 3)],
            ["gateway inline, rate limited"] = [Cpu(12, 3), Cpu(14, 3)],
        };
        Dictionary<string, IReadOnlyList<Round>> alone = new()
        {
            ["nginx"] = [At(50)],
            ["gateway"] = [At(40)],
            ["gateway inline"] = [At(90)],
        };

        var rows = CallFigures.Of(new Comparison
        {
            Loaded = new Dictionary<string, Round>(),
            Alone = new Dictionary<string, Round>(),
            LoadedRounds = loaded,
            AloneRounds = alone,
            MemoryMegabytes = new Dictionary<string, double>(),
            IdleMegabytes = 0,
            ReadyMilliseconds = 0,
            Missing = [],
        }).ToDictionary(static one => one.Key, static one => one.Series.Values);

        Assert.Equal([2.0, 3.0], rows[TableRows.CallInline]);
        Assert.Equal([3.0, 2.5], rows[TableRows.CallDefault]);
        Assert.Equal([6.0, 38.0], rows[TableRows.OwnTime]);
        Assert.Equal([9.0, 11.0], rows[TableRows.Denied]);
        Assert.Equal([12.0, 14.0], rows[TableRows.Limited]);
        Assert.Equal([-10.0], rows[TableRows.AddedDefault]);
        Assert.Equal([40.0], rows[TableRows.AddedInline]);
    }

    [Fact]
    public void Compares_each_second_with_the_median_second()
    {
        var quiet = Enumerable.Repeat(10f, 200).ToList();
        var stalled = Enumerable.Repeat(10f, 150).Concat(Enumerable.Repeat(50f, 50)).ToList();

        var series = SteadyFigures.OfSlices([quiet, quiet, stalled, []]);

        Assert.Equal([1.0, 1.0, 5.0], series.Values);
    }

    [Fact]
    public void Reads_every_iteration_of_a_benchmark() => Assert.Equal(
        [10.0, 5.0],
        ProgramFigures.MillionsASecond("""{"Benchmarks":[{"Statistics":{"OriginalValues":[100,200]}}]}""").Values);

    [Fact]
    public void Reads_a_figure_out_of_what_a_program_prints()
    {
        Assert.Equal(277_000, ProgramFigures.Number("1000 counters: 277,000 decisions a second by 64 callers",
            @"\b1000 counters: ([\d,]+) decisions"));
        Assert.Null(ProgramFigures.Number("nothing", @"(\d+)"));
    }

    [Fact]
    public void Has_one_source_for_each_row() =>
        Assert.Equal(TableRows.All.Select(static row => row.Key).Order(), TableRun.Keys.Order());

    private static Round Cpu(double all, double kernel) => new(1, all, 1, 1) { KernelPerCall = kernel };

    private static Round At(double p50) => new(1, 1, p50, 1);
}
