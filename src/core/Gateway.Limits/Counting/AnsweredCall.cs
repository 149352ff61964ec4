using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The late answer to one ask.</summary>
/// <param name="Ask">What was asked.</param>
/// <param name="Verdict">Granted or refused.</param>
public readonly record struct AnsweredCall(CounterRequest Ask, CounterReply Verdict);
