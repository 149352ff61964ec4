namespace Gateway.LoadTests.Scenarios;

/// <summary>One way to load a gateway.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="What">A description in one line.</param>
/// <param name="RunAsync">Runs it once.</param>
internal sealed record Scenario(
    string Name, string What, Func<ScenarioOptions, Task<ScenarioReport>> RunAsync)
{
    /// <summary>True if it needs a second, older build of the gateway.</summary>
    public bool NeedsBefore { get; private init; }

    /// <summary>All scenarios, in the order in which they run.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("steady", "1,000 calls/s, open loop, one grant, nothing refused", LimitScenarios.SteadyAsync),
        new("edge", "32 connections without a pause over windows of 2 s: a burst at every edge",
            LimitScenarios.EdgeAsync),
        new("runaway", "an agent in a loop on 16 connections, 10 calls a minute allowed", LimitScenarios.RunawayAsync),
        new("grants", "10,000 grants, 2,000 calls/s, open loop, one call a minute each", LimitScenarios.GrantsAsync),
        new("streams", "300 event streams held open, and 300 calls/s beside them", StreamScenario.RunAsync),
        new("rollout", "300 calls/s while gateways are restarted: with a store in turn, without it one, then killed",
            RolloutScenario.RunAsync),
        new("upgrade", "300 calls/s while each gateway is replaced by this version, then by the older one again",
            UpgradeScenario.RunAsync) { NeedsBefore = true },
    ];
}
