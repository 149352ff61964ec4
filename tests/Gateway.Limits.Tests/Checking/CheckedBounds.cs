using Gateway.Limits.Tests.Simulation.Oracles;

namespace Gateway.Limits.Tests.Checking;

/// <summary>How small the world is in which everything that can happen does.</summary>
internal sealed record CheckedBounds
{
    public bool HasSoleOwner { get; init; }

    public int Owners { get; init; } = 2;

    /// <summary>The cost of each call, in units.</summary>
    public int[] Costs { get; init; } = [1, 1, 1];

    public int Max { get; init; } = 2;

    public required CounterKey Key { get; init; }

    /// <summary>The moments of true time, in milliseconds; a clock is off by ε at most.</summary>
    public required int[] Moments { get; init; }

    public required Func<WorldOptions, Oracle> NewOracle { get; init; }

    /// <summary>How an owner of some number makes its counters; what a planted fault puts here must be found.</summary>
    public required Func<CounterKey, CounterRules, int, ICounter> MakeCounter { get; init; }

    public int Crashes { get; init; }

    public int TimeOuts { get; init; }

    public int Releases { get; init; }

    public int HandBacks { get; init; }

    public int Deletions { get; init; }

    public bool IsStrict { get; init; } = true;

    public int StatesMax { get; init; } = 20_000;
}
