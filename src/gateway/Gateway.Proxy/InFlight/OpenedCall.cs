using Gateway.Limits.Model;

namespace Gateway.Proxy.InFlight;

/// <summary>The places of a call, or the refusal of them.</summary>
/// <param name="Call">The places; null if they were refused.</param>
/// <param name="Refusal">The refusal; null if the places were taken.</param>
/// <param name="RetryAfterMs">The delay before a retry, in milliseconds; null if unknown.</param>
public readonly record struct OpenedCall(OpenCall? Call, LimitRefusal? Refusal = null, long? RetryAfterMs = null);
