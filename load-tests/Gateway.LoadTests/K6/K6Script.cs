namespace Gateway.LoadTests.K6;

/// <summary>A script of <c>load-tests/k6</c> and the gateway that it needs.</summary>
/// <param name="Name">The file's name without its extension.</param>
/// <param name="Max">The calls that the grant's one limit admits in a window.</param>
/// <param name="Window">The window, as a policy writes it.</param>
/// <param name="WindowSeconds">The window in seconds, for the script.</param>
/// <param name="Grants">The number of grants, each with its own token.</param>
/// <param name="IsRollout">True if gateways are replaced while it runs.</param>
internal sealed record K6Script(
    string Name, long Max, string Window, int WindowSeconds, int Grants = 1, bool IsRollout = false)
{
    private const long NoLimit = 1_000_000_000;
    private const int Day = 86_400;

    /// <summary>True if nothing is refused, so that a warm-up affects no window.</summary>
    public bool IsTimed => Max == NoLimit;

    public static IReadOnlyList<K6Script> All { get; } =
    [
        new("steady", NoLimit, "day", Day),
        new("edge", 200, "2s", 2),
        new("runaway", 10, "60s", 60),
        new("grants", 1, "60s", 60, Grants: 10_000),
        new("streams", NoLimit, "day", Day),
        new("rollout", 500, "2s", 2, IsRollout: true),
    ];
}
