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

    [Fact]
    public void Finds_a_refusal_that_keeps_the_other_limit()
    {
        var checker = new PairChecker(3, [2, 1], crashes: 0, expiries: 0, repeats: 0, forgets: true);
        Assert.NotNull(checker.Run());
    }
}
