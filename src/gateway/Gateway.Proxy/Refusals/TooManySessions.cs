using Gateway.Audit.Records;

namespace Gateway.Proxy.Refusals;

/// <summary>
/// The bound on sessions that have counters of their own: none with live counts is given up for a new one, so the new
/// one is refused.
/// </summary>
internal static class TooManySessions
{
    public static Refusal Refusal { get; } = new(
        RefusalCategory.Denied, "(too many sessions)",
        "as many sessions are counted as may be, of this grant or of all, and a new one would find no counter",
        "Go on in a session that is open, or try again later.");
}
