namespace Gateway.Limits.Tests.Checking;

/// <summary>How small the world is in which everything that can happen does.</summary>
internal sealed record CheckedBounds
{
    public bool HasSoleOwner { get; init; }

    public int Owners { get; init; } = 2;

    /// <summary>The cost of each call, in units.</summary>
    public int[] Costs { get; init; } = [1, 1, 1];

    public int Max { get; init; } = 2;

    /// <summary>Quarters of a second; a window has four, a clock is off by one at most.</summary>
    public int Ticks { get; init; } = 6;

    public int Crashes { get; init; }

    public int TimeOuts { get; init; }

    public int Releases { get; init; }

    public int HandBacks { get; init; }

    public int Deletions { get; init; }

    public bool IsStrict { get; init; } = true;

    public int StatesMax { get; init; } = 20_000;
}
