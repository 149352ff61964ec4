using Gateway.LoadTests.Generating;

namespace Gateway.LoadTests.Scenarios;

/// <summary>The conversion of a bench's results to its report.</summary>
internal static class BenchReports
{
    extension(ScenarioBench bench)
    {
        /// <summary>Ends the gateways and returns the report.</summary>
        /// <param name="name">The scenario.</param>
        /// <param name="load">The results of the generator.</param>
        /// <param name="cpuTime">The CPU time of the gateways for the load; null if it is unknown.</param>
        public async Task<ScenarioReport> ReportAsync(string name, LoadResult load, TimeSpan? cpuTime)
        {
            var memory = bench.Gateways.Sum(static gateway => gateway.MemoryBytes) / 1e6;
            var exactness = await bench.CheckAsync();
            var problems = new List<string>();
            if (!exactness.IsExact)
                problems.Add("a limit was exceeded, or a call reached the server twice or without a record");
            if (load.Errors > 0)
                problems.Add($"{load.Errors} calls failed for no reason of the scenario's");
            if (load[CallOutcome.Admitted] > exactness.Seen)
                problems.Add("more calls were answered than the server saw");
            return new ScenarioReport
            {
                Scenario = name,
                What = Scenario.All.Single(scenario => scenario.Name == name).What,
                Load = LoadFigures.Of(load),
                Exactness = exactness,
                CpuMicrosecondsPerCall = cpuTime?.TotalMicroseconds / load.Calls,
                MemoryMegabytes = memory,
                Problems = problems,
            };
        }
    }
}
