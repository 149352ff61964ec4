namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// Thousands of schedules in a normal run; millions by <c>GATEWAY_SIM_SCHEDULES=1000000</c> (a number for each world),
/// and
/// <c>GATEWAY_SIM_SEED</c> for the first seed. A failure prints its seed and the shortest schedule found.
/// </summary>
public sealed class SimulatorTests(ITestOutputHelper output)
{
    public static TheoryData<string> Worlds { get; } = [.. WorldCatalogue.Sound.Keys];

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Keeps_every_promise_in(string world)
    {
        var schedules = Setting("GATEWAY_SIM_SCHEDULES", 1500);
        var seed = Setting("GATEWAY_SIM_SEED", 1);
        var violation = Simulator.FindViolation(WorldCatalogue.Sound[world], seed, schedules, out var ran);
        output.WriteLine($"{world}: {ran} schedules from seed {seed}");
        Assert.True(violation is null, violation);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
