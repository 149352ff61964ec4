namespace Gateway.LoadTests.Limiters;

/// <summary>The tokens of a comparison: one per trial, so that none includes the counts of another.</summary>
internal static class LimiterToken
{
    /// <summary>The token with a limit that never binds.</summary>
    public const string Speed = "limiter-token-speed-0001";

    /// <summary>The maximum of <see cref="Speed"/>.</summary>
    public const long SpeedMax = 1_000_000_000;

    public const string Callers = "limiter-token-callers-01";
    public const string Restart = "limiter-token-restart-01";
    public const string Clocks = "limiter-token-clocks-001";

    /// <summary>The tokens with the compared limit.</summary>
    public static IReadOnlyList<string> Limited { get; } = [Callers, Restart, Clocks];
}
