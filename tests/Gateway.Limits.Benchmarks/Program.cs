using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Gateway.Limits.Benchmarks;

// "memory" prints the bytes that a counter takes; anything else goes to BenchmarkDotNet. In process, because the tool's
// own builds do not know this solution's central settings.
if (args is ["memory"])
{
    await CounterMemory.PrintAsync();
    return;
}

var job = Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(HotCounter).Assembly)
    .Run(args, DefaultConfig.Instance.AddJob(job));
