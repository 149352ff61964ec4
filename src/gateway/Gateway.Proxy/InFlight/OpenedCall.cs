using Gateway.Limits.Model;

namespace Gateway.Proxy.InFlight;

/// <summary>The places of a call, or why there are none.</summary>
/// <param name="Call">The places; null where they were refused.</param>
/// <param name="Refusal">Why.</param>
/// <param name="RetryAfterMs">When to try again.</param>
public readonly record struct OpenedCall(OpenCall? Call, LimitRefusal? Refusal = null, long? RetryAfterMs = null);
