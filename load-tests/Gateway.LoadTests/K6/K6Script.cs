namespace Gateway.LoadTests.K6;

/// <summary>A script of <c>load-tests/k6</c> and the gateway that it wants.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Max">Calls that the grant's one limit admits in a window.</param>
/// <param name="Window">The window, as a policy writes it.</param>
/// <param name="WindowSeconds">The same in seconds, for the script.</param>
/// <param name="Grants">Grants, each with a token of its own.</param>
/// <param name="IsRollout">True where gateways are replaced while it runs.</param>
internal sealed record K6Script(
    string Name, long Max, string Window, int WindowSeconds, int Grants = 1, bool IsRollout = false)
{
    private const long NoLimit = 1_000_000_000;
    private const int Day = 86_400;

    /// <summary>True where nothing is refused, so that a warm-up touches no window.</summary>
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
