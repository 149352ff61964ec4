using Gateway.Limits.Model;

namespace Gateway.Orleans.Grains;

/// <summary>A question that takes nothing and waits until the record was seen.</summary>
/// <param name="Ask">What it asks.</param>
/// <param name="Message">The message that asked.</param>
/// <param name="Index">Which of its questions.</param>
internal sealed record PendingPeek(CounterRequest Ask, ReplyCollector Message, int Index);
