namespace Gateway.Limits.Tests.Checking;

/// <summary>
/// Small worlds, exhaustively as far as the bound on states goes; <c>GATEWAY_CHECK_STATES=20000000</c> goes further.
/// </summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, CheckedBounds> Small = new()
    {
        ["one owner, a crash, all states"] = new() { Owners = 1, Costs = [1, 1], Max = 1, Ticks = 5, Crashes = 1 },
        ["two owners, a crash"] = new() { Costs = [1, 1, 1], Crashes = 1 },
        ["two owners, a time-out"] = new() { Costs = [1, 1, 1], TimeOuts = 1 },
        ["two owners, costs of one and two"] = new() { Costs = [2, 1, 1], Max = 3 },
        ["two owners, releases, delivered twice"] = new() { Costs = [1, 1, 1], Max = 1, Releases = 2 },
        ["two owners, hand-back"] = new() { Costs = [1, 1, 1], HandBacks = 1, Releases = 1 },
        ["two owners, deletion"] = new() { Costs = [1, 1], Max = 1, Deletions = 1, Ticks = 8 },
        ["duplicates of a sole owner with read-ahead"] = new() { HasSoleOwner = true, Costs = [1, 1, 1, 1], Max = 8 },
        ["duplicates of a sole owner, a crash"] = new() { HasSoleOwner = true, Costs = [1, 1, 1], Crashes = 1 },
        ["duplicates of a sole owner, hand-back"] = new() { HasSoleOwner = true, HandBacks = 1, TimeOuts = 1 },
        ["relaxed windows"] = new() { Costs = [1, 1, 1], Max = 1, IsStrict = false, Crashes = 1 },
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
        var checker = new Checker(bounds);
        var violation = checker.Run();
        var extent = checker.IsComplete ? "all" : "the first";
        output.WriteLine($"{world}: {extent} {checker.States} states");
        Assert.True(violation is null, violation);
    }
}
