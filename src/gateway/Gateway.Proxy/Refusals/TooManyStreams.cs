using Gateway.Audit.Records;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Refusals;

/// <summary>
/// The bound on long-lived streams (GET, <c>subscriptions/listen</c>), which are counted separately from calls.
/// </summary>
internal static class TooManyStreams
{
    public static string Text { get; } =
        $"This grant has {StreamLimiter.PerGrantMax} streams open, the most it may hold. Close one, then try again.";

    public static Refusal Refusal { get; } = new(
        RefusalCategory.Denied, "(too many streams)",
        $"this grant has {StreamLimiter.PerGrantMax} streams open, the most it may hold",
        "Close one, then try again.");
}
