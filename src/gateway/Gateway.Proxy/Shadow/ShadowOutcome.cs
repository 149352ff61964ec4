using Gateway.Audit.Records;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Shadow;

/// <summary>What shadow mode found about one call that goes on all the same.</summary>
/// <param name="ShadowRefusal">How the call would have been refused; null where it would have gone on.</param>
/// <param name="Permit">What it counted on the counters of limits in shadow mode.</param>
internal readonly record struct ShadowOutcome(Refusal? ShadowRefusal, Permit Permit)
{
    public static ShadowOutcome None { get; } = new(null, Permit.None);
}
