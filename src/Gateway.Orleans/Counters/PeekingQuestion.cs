using Gateway.Limits.Counting;

namespace Gateway.Orleans.Counters;

/// <summary>A question that takes nothing and waits until the record was seen.</summary>
/// <param name="Ask">What it asks.</param>
/// <param name="Message">The message that asked.</param>
/// <param name="Index">Which of its questions.</param>
internal sealed record PeekingQuestion(CounterAsk Ask, PendingMessage Message, int Index);
