using Gateway.Mcp;
using Gateway.Proxy.Denials;

namespace Gateway.Proxy.Edge;

/// <summary>
/// The bound on long-lived streams (GET, <c>subscriptions/listen</c>), which are counted apart from calls.
/// </summary>
internal static class TooManyStreams
{
    public static string Text { get; } =
        $"This grant has {StreamSlots.PerGrantMax} streams open, the most it may hold. Close one, then try again.";

    public static Refusal Refusal { get; } = new(
        RefusalOutcome.Denied, "(too many streams)",
        $"this grant has {StreamSlots.PerGrantMax} streams open, the most it may hold",
        "Close one, then try again.");
}
