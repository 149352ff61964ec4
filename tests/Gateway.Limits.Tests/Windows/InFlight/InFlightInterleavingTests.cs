namespace Gateway.Limits.Tests.Windows.InFlight;

/// <summary>
/// Calls that come, are renewed and end at two frontends, interleaved with lost answers, outages, kills and pauses:
/// never more are open than may be. Each rule that is taken out is found.
/// </summary>
public sealed class InFlightInterleavingTests
{
    private const int Schedules = 600;

    [Fact]
    public void No_interleaving_has_more_calls_open_than_may_be()
    {
        var admitted = 0;
        for (var seed = 1; seed <= Schedules; seed++)
        {
            var world = new InFlightWorld(seed, InFlightFault.None);
            var found = world.Run();
            Assert.True(found is null, $"seed {seed}: {found}");
            admitted += world.Admitted;
        }

        Assert.True(admitted > 5 * Schedules, $"only {admitted} calls were let through");
    }

    [Theory]
    [InlineData(InFlightFault.FreedWhenTheClientLeaves)]
    [InlineData(InFlightFault.RenewedAfterItExpired)]
    [InlineData(InFlightFault.CountedByEachFrontend)]
    [InlineData(InFlightFault.GivenBackWhenNobodyWaits)]
    [InlineData(InFlightFault.NotEndedBeforeItExpires)]
    public void A_rule_that_is_taken_out_is_found(InFlightFault fault)
    {
        for (var seed = 1; seed <= 20 * Schedules; seed++)
            if (new InFlightWorld(seed, fault).Run() is not null) return;
        Assert.Fail("The fault was not found: what holds the rule up is not shown.");
    }
}
