namespace Gateway.Limits.Counting;

/// <summary>The late answer to one ask.</summary>
/// <param name="Ask">What was asked.</param>
/// <param name="Verdict">Granted or refused.</param>
internal readonly record struct AnsweredCall(CounterAsk Ask, CounterVerdict Verdict);
