using Gateway.Limits.Tests.Simulation.Planted;

namespace Gateway.Limits.Tests.Checking;

/// <summary>All states of small worlds in which a call has two limits: all or none.</summary>
public sealed class PairCheckerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 1, 1, 1, 1, 1)]
    [InlineData(3, 2, 1, 0, 0, 1)]
    [InlineData(3, 1, 2, 0, 1, 0)]
    [InlineData(2, 2, 1, 1, 0, 1)]
    public void No_state_charges_a_call_on_one_limit_alone(
        int calls, int firstMax, int secondMax, int crashes, int expiries, int repeats)
    {
        var checker = new PairChecker(calls, [firstMax, secondMax], crashes, expiries, repeats);
        var violation = checker.Run();
        output.WriteLine(
            $"two limits of {firstMax} and {secondMax}, {calls} calls, {crashes} crashes, {expiries} expiries, "
            + $"{repeats} repeats: all {checker.States} states");
        Assert.True(violation is null, violation);
    }

    [Theory]
    [InlineData("a release that is lost")]
    [InlineData("a second counter charged twice")]
    public void Finds(string fault)
    {
        Func<SteppedPlan> makePlan = fault == "a release that is lost"
            ? static () => new LosingPlan(PairChecker.Options, null)
            : static () => new RepeatingPlan(PairChecker.Options, null);
        var checker = new PairChecker(3, [3, 2], crashes: 0, expiries: 0, repeats: 0, makePlan);
        var violation = checker.Run();
        Assert.True(violation is not null, $"{fault}: not found in {checker.States} states");
        output.WriteLine($"{fault}: found in {checker.States} states: {violation}");
    }
}
