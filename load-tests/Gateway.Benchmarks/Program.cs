using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Gateway.Benchmarks;
using Gateway.Policy.Text;
using Perfolizer.Horology;

// "memory" prints the bytes that a counter takes, "turning 180 60 1000" what a million of them do over windows of 60 s,
// "catalogue 43000 1300000" how fast so many servers and tools are imported and searched,
// "replay 1000000" how long so many recorded calls take,
// "values 1000000" what a limit by value takes over so many, and a named list of as many as it may have; anything else
// goes to BenchmarkDotNet. In process, because the tool's own builds do not know this solution's central settings.
if (args is ["memory"])
{
    await CounterMemory.PrintAsync();
    return;
}

if (args is ["values", var count])
{
    await MillionValues.PrintAsync(int.Parse(count, CultureInfo.InvariantCulture));
    ListSizes.Print(PolicyBounds.ListValuesMax);
    return;
}

if (args is ["replay", var records])
{
    ReplayFigures.Print(int.Parse(records, CultureInfo.InvariantCulture));
    return;
}

if (args is ["catalogue", var servers, var tools])
{
    CatalogueFigures.Print(
        int.Parse(servers, CultureInfo.InvariantCulture), int.Parse(tools, CultureInfo.InvariantCulture));
    return;
}

if (args is ["turning", ..])
{
    // Seconds to run, seconds of a window, maximum.
    var figures = args[1..].Select(static text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
    await TurningWindows.PrintAsync(figures[0], figures[1], figures[2]);
    return;
}

// Many short iterations: on a machine that does other things too, the least of them says what the code takes.
var job = Job.ShortRun
    .WithToolchain(InProcessNoEmitToolchain.Instance)
    .WithIterationCount(30)
    .WithIterationTime(TimeInterval.FromMilliseconds(100));
BenchmarkSwitcher.FromAssembly(typeof(HotCounter).Assembly)
    .Run(args, DefaultConfig.Instance.AddJob(job).AddColumn(StatisticColumn.Min));
