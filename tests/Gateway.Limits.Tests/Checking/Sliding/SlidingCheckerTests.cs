namespace Gateway.Limits.Tests.Checking.Sliding;

/// <summary>
/// Small sliding worlds, exhaustively as far as the bound on states goes; <c>GATEWAY_CHECK_STATES=20000000</c> goes
/// further.
/// </summary>
public sealed class SlidingCheckerTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, SlidingBounds> Small = new()
    {
        ["one owner, all states"] = new() { Owners = 1, StatesMax = 200_000 },
        ["one owner of its own, a crash, all states"] =
            new() { Owners = 1, HasSoleOwner = true, Crashes = 1, StatesMax = 400_000, Moments = [0, 750, 1750, 2501] },
        ["two owners"] = new() { Moments = [0, 750, 1750, 2001, 2501] },
        ["two owners, a crash"] = new() { Crashes = 1, Moments = [0, 750, 1750, 2501] },
        ["two owners, a time-out"] = new() { TimeOuts = 1, Moments = [0, 750, 1750, 2501] },
        ["two owners, costs of one and two"] = new() { Costs = [2, 1, 1], Max = 3, Moments = [0, 750, 2001] },
        ["two owners, releases, delivered twice"] = new() { Costs = [1, 1, 1], Releases = 2, Moments = [0, 750] },
        ["two owners, deletion"] = new() { Deletions = 1, Moments = [0, 750, 1750, 2251, 2501] },
        ["duplicates of a sole owner, hand-back"] =
            new() { HasSoleOwner = true, HandBacks = 1, Releases = 1, TimeOuts = 1, Moments = [0, 750] },
    };

    public static TheoryData<string> Worlds { get; } = [.. Small.Keys];

    [Theory]
    [MemberData(nameof(Worlds))]
    public void No_state_breaks_a_promise_with(string world)
    {
        var asked = Environment.GetEnvironmentVariable("GATEWAY_CHECK_STATES");
        var bounds = Small[world];
        if (int.TryParse(asked, CultureInfo.InvariantCulture, out var states))
            bounds = bounds with { StatesMax = states };
        var checker = new SlidingChecker(bounds);
        var violation = checker.Run();
        var extent = checker.IsComplete ? "all" : "the first";
        output.WriteLine($"{world}: {extent} {checker.States} states");
        Assert.True(violation is null, violation);
        if (world.EndsWith("all states", StringComparison.Ordinal)) Assert.True(checker.IsComplete);
    }

    [Fact]
    public void Finds_the_way_to_too_many_calls_where_clocks_are_taken_for_one()
    {
        var checker = new SlidingChecker(new SlidingBounds { Owners = 1, IsForgetful = true, StatesMax = 200_000 });
        var violation = checker.Run();
        output.WriteLine($"{checker.States} states: {violation}");
        Assert.NotNull(violation);
    }
}
