using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Gateway.Benchmarks;
using Gateway.Policy.Text;
using Perfolizer.Horology;

// "memory" prints the bytes of a counter; "turning 180 60 1000" measures a million of them over windows of 60 s;
// "catalogue 43000 1300000" measures the import and search of so many servers and tools, "catalogue" the search of the
// shipped catalogue as somebody types; "replay 1000000" measures a replay of so many recorded calls; "tools CHECKOUT
// TASKS" measures the search of tools; "search 1000000" measures searches over so many records; "values 1000000"
// measures a limit by value over so many values, and a named list of maximum size; "stages" runs 10,000 calls through
// the stages and compares what they allocate with a baseline. Anything else goes to BenchmarkDotNet. It runs in
// process, because the tool's own builds do not know this solution's central settings.
if (args is ["memory"])
{
    await CounterMemory.PrintAsync();
    return;
}

if (args is ["stages", .. var stages])
{
    Environment.ExitCode = await StageFigures.PrintAsync(stages);
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

if (args is ["tools", var checkout, var tasks])
{
    ToolSearchFigures.Print(checkout, tasks);
    return;
}

if (args is ["search", var searched])
{
    SearchFigures.Print(int.Parse(searched, CultureInfo.InvariantCulture));
    return;
}

if (args is ["catalogue"])
{
    CatalogueFigures.PrintShipped();
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
    // The duration in seconds, the window in seconds, and the maximum.
    var figures = args[1..].Select(static text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
    await TurningWindows.PrintAsync(figures[0], figures[1], figures[2]);
    return;
}

// Many short iterations: on a machine with other work, the shortest of them shows the time of the code.
var job = Job.ShortRun
    .WithToolchain(InProcessNoEmitToolchain.Instance)
    .WithIterationCount(30)
    .WithIterationTime(TimeInterval.FromMilliseconds(100));
BenchmarkSwitcher.FromAssembly(typeof(HotCounter).Assembly)
    .Run(args, DefaultConfig.Instance.AddJob(job).AddColumn(StatisticColumn.Min));
