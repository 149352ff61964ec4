using Gateway.Audit.Records;

namespace Gateway.Proxy.Refusals;

/// <summary>
/// The bound on sessions with separate counters. A session with live counts is never evicted for a new one, so the new
/// one is refused.
/// </summary>
internal static class TooManySessions
{
    public static Refusal Refusal { get; } = new(
        RefusalCategory.Denied, "(too many sessions)",
        "the maximum number of counted sessions, of this grant or in total, is reached",
        "Continue in an open session, or try again later.");
}
