namespace Gateway.LoadTests.Limiters;

/// <summary>The tokens of a comparison: one each trial, so that none finds what another counted.</summary>
internal static class LimiterToken
{
    /// <summary>Has a limit that never binds.</summary>
    public const string Speed = "limiter-token-speed-0001";

    /// <summary>The most that <see cref="Speed"/> may do.</summary>
    public const long SpeedMax = 1_000_000_000;

    public const string Callers = "limiter-token-callers-01";
    public const string Restart = "limiter-token-restart-01";
    public const string Clocks = "limiter-token-clocks-001";

    /// <summary>Those with the limit that is compared.</summary>
    public static IReadOnlyList<string> Limited { get; } = [Callers, Restart, Clocks];
}
