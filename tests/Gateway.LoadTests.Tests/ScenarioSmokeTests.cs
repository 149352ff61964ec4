using System.Reflection;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Tests;

/// <summary>A second of a scenario against the gateway of this very build, so that none of it rots.</summary>
public sealed class ScenarioSmokeTests
{
    [Fact]
    public async Task A_runaway_agent_is_stopped_at_its_limit_and_the_report_says_so()
    {
        var report = await RunAsync("runaway");

        // A window may end in between; a second has no more than two.
        Assert.InRange(report.Load.Admitted, 10, 20);
        Assert.True(report.Load.Refused > 0);
        Assert.Equal(report.Load.Admitted, report.Exactness.Seen);
        Assert.True(report.Exactness.IsExact);
        Assert.Empty(report.Problems);
    }

    [Fact]
    public async Task A_gateway_that_is_upgraded_and_rolled_back_under_load_loses_no_call()
    {
        // The older version is this very build: what is held is that nothing is lost while one replaces the other.
        var report = await RunAsync("upgrade", before: Built(), seconds: 6);

        // On a machine that is slow to start it twice the load may end first, which the report tells.
        Assert.True(report.Load.Admitted > 0);
        Assert.Equal(0, report.Load.Errors);
        Assert.True(report.Exactness.IsExact);
    }

    [Fact]
    public async Task A_gateway_that_is_restarted_and_killed_under_load_keeps_its_limit()
    {
        var report = await RunAsync("rollout");

        Assert.True(report.Load.Admitted > 0);
        Assert.True(report.Exactness.IsExact);
    }

    private static Task<ScenarioReport> RunAsync(string name, string? before = null, int seconds = 2) =>
        Scenario.All.Single(scenario => scenario.Name == name).RunAsync(new ScenarioOptions
        {
            Gateway = Built(),
            Before = before,
            Duration = TimeSpan.FromSeconds(seconds),
        });

    /// <summary>The gateway of the configuration that this assembly was built in.</summary>
    private static string Built()
    {
        var configuration = typeof(ScenarioSmokeTests).Assembly
            .GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        return Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "Gateway.Server",
            configuration == "Release" ? "release" : "debug", "gateway"));
    }
}
