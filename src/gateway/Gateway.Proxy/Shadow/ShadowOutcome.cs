using Gateway.Audit.Records;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Shadow;

/// <summary>The result of shadow mode for one call, which proceeds in any case.</summary>
/// <param name="ShadowRefusal">The refusal that the call would have received; null if it would have proceeded.</param>
/// <param name="Permit">The permit for the counters of limits in shadow mode.</param>
internal readonly record struct ShadowOutcome(Refusal? ShadowRefusal, Permit Permit)
{
    public static ShadowOutcome None { get; } = new(null, Permit.None);
}
