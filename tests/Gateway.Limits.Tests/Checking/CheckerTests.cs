using Gateway.Limits.Tests.Simulation.Planted;

namespace Gateway.Limits.Tests.Checking;

/// <summary>
/// Small worlds, exhaustively as far as the bound on states goes; <c>GATEWAY_CHECK_STATES=20000000</c> goes further.
/// </summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, CheckedBounds> Small = Aligned("fixed", Asked.Key("checked", "second"))

        // Of one second, a number may be used for 500 ms, and is free 2,001 ms after it was reserved.
        .Concat(Momentary("sliding", Asked.SlidingKey("checked", "1s"), [0, 250, 750, 1750, 2001, 2251, 2501, 3002]))
        .Concat(Momentary("bucket", Asked.BucketKey("checked", "1s"), [0, 250, 500, 750, 1001, 1250, 1501, 2002]))
        .Concat(Aligned("calendar", Asked.CalendarKey(SimulatedZone.Named("checked")), fromMs: 1500))

        // Of six seconds, the last five are for letting go.
        .Concat(Momentary(
            "in_flight", Asked.InFlightKey("checked", "6s"), [0, 250, 750, 1250, 5750, 6250, 6501, 7002]))
        .ToDictionary();

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
        if (world.EndsWith("all states", StringComparison.Ordinal)) Assert.True(checker.IsComplete);
    }

    [Theory]
    [InlineData("sliding, one owner, all states", "ForgetsEarly")]
    [InlineData("bucket, one owner, all states", "RefillsTwice")]
    [InlineData("calendar, two owners, a crash", "BeginsEarly")]
    [InlineData("in_flight, one owner, all states", "ForgetsEarly")]
    [InlineData("bucket, duplicates of a sole owner, hand-back", "RecoversRefilled")]
    public void Finds_the_way_to_too_many_calls_with(string world, string fault)
    {
        var (bounds, mutation) = (Small[world], Enum.Parse<Mutation>(fault));
        var kind = SimulatedKind.Find(world[..world.IndexOf(',', StringComparison.Ordinal)]);
        var checker = new Checker(bounds with
        {
            StatesMax = 200_000,
            MakeCounter = (key, rules, owner) => kind.NewMutant(key, rules, owner, mutation),
        });
        var violation = checker.Run();
        output.WriteLine($"{fault}: {checker.States} states: {violation}");
        Assert.NotNull(violation);
    }

    /// <summary>Windows one after the other.</summary>
    private static Dictionary<string, CheckedBounds> Aligned(string kind, CounterKey key, int fromMs = 0)
    {
        // Quarters of a second; a window has four, a clock is off by one at most.
        var bounds = new CheckedBounds
        {
            Key = key,
            NewOracle = SimulatedKind.Find(kind).NewOracle,
            MakeCounter = SimulatedKind.Find(kind).NewCounter,
            Moments = [.. Enumerable.Range(0, 6).Select(quarter => fromMs + (250 * quarter))],
            Costs = [1, 1, 1],
        };
        return new()
        {
            [$"{kind}, one owner, a crash, all states"] =
                bounds with { Owners = 1, Costs = [1, 1], Max = 1, Moments = bounds.Moments[..5], Crashes = 1 },
            [$"{kind}, two owners, a crash"] = bounds with { Crashes = 1 },
            [$"{kind}, two owners, a time-out"] = bounds with { TimeOuts = 1 },
            [$"{kind}, two owners, costs of one and two"] = bounds with { Costs = [2, 1, 1], Max = 3 },
            [$"{kind}, two owners, releases, delivered twice"] = bounds with { Max = 1, Releases = 2 },
            [$"{kind}, two owners, hand-back"] = bounds with { HandBacks = 1, Releases = 1 },
            [$"{kind}, two owners, deletion"] = bounds with
            {
                Costs = [1, 1],
                Max = 1,
                Deletions = 1,
                Moments = [.. bounds.Moments, fromMs + 1500, fromMs + 1750],
            },
            [$"{kind}, duplicates of a sole owner with read-ahead"] =
                bounds with { HasSoleOwner = true, Costs = [1, 1, 1, 1], Max = 8 },
            [$"{kind}, duplicates of a sole owner, a crash"] = bounds with { HasSoleOwner = true, Crashes = 1 },
            [$"{kind}, duplicates of a sole owner, hand-back"] =
                bounds with { HasSoleOwner = true, HandBacks = 1, TimeOuts = 1 },
            [$"{kind}, relaxed windows"] = bounds with { Max = 1, IsStrict = false, Crashes = 1 },
        };
    }

    /// <summary>What is given out may be used for a moment.</summary>
    private static Dictionary<string, CheckedBounds> Momentary(string kind, CounterKey key, int[] moments)
    {
        int[] few = [moments[0], moments[2], moments[3], moments[6]];
        var bounds = new CheckedBounds
        {
            Key = key,
            NewOracle = SimulatedKind.Find(kind).NewOracle,
            MakeCounter = SimulatedKind.Find(kind).NewCounter,
            Moments = few,
            Costs = [1, 1],
            Max = 1,
        };
        return new()
        {
            [$"{kind}, one owner, all states"] = bounds with { Owners = 1, Moments = moments, StatesMax = 200_000 },
            [$"{kind}, one owner of its own, a crash, all states"] =
                bounds with { Owners = 1, HasSoleOwner = true, Crashes = 1, StatesMax = 400_000 },
            [$"{kind}, two owners"] = bounds with { Moments = [.. few[..3], .. moments[4..7]] },
            [$"{kind}, two owners, a crash"] = bounds with { Crashes = 1 },
            [$"{kind}, two owners, a time-out"] = bounds with { TimeOuts = 1 },
            [$"{kind}, two owners, costs of one and two"] = bounds with { Costs = [2, 1, 1], Max = 3 },
            [$"{kind}, two owners, releases, delivered twice"] =
                bounds with { Costs = [1, 1, 1], Releases = 2, Moments = few[..2] },
            [$"{kind}, two owners, deletion"] =
                bounds with { Deletions = 1, Moments = [.. few[..3], .. moments[5..7]] },
            [$"{kind}, duplicates of a sole owner, hand-back"] = bounds with
            {
                HasSoleOwner = true,
                HandBacks = 1,
                Releases = 1,
                TimeOuts = 1,
                Moments = few[..2],
            },
        };
    }
}
