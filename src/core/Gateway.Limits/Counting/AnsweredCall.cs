using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The late answer to one ask.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Reply">Granted or refused.</param>
public readonly record struct AnsweredCall(CounterRequest Request, CounterReply Reply);
