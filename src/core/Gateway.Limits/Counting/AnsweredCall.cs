using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The deferred reply to one request.</summary>
/// <param name="Request">The request.</param>
/// <param name="Reply">The reply, granted or refused.</param>
public readonly record struct AnsweredCall(CounterRequest Request, CounterReply Reply);
