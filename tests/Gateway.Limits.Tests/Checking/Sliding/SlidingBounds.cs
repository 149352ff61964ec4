namespace Gateway.Limits.Tests.Checking.Sliding;

/// <summary>How small the sliding world is in which everything that can happen does.</summary>
internal sealed record SlidingBounds
{
    public bool HasSoleOwner { get; init; }

    public int Owners { get; init; } = 2;

    /// <summary>The cost of each call, in units.</summary>
    public int[] Costs { get; init; } = [1, 1];

    public int Max { get; init; } = 1;

    /// <summary>
    /// The moments of true time, in milliseconds; a clock is off by ε at most. Of one second, a number may be used for
    /// 500 ms, and is free 2,001 ms after it was reserved.
    /// </summary>
    public int[] Moments { get; init; } = [0, 250, 750, 1750, 2001, 2251, 2501, 3002];

    public int Crashes { get; init; }

    public int TimeOuts { get; init; }

    public int Releases { get; init; }

    public int HandBacks { get; init; }

    public int Deletions { get; init; }

    /// <summary>Takes the tolerance for clocks out; the checker must then find a way.</summary>
    public bool IsForgetful { get; init; }

    public int StatesMax { get; init; } = 20_000;
}
