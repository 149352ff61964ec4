using Gateway.Limits.Model;

namespace Gateway.Orleans.Grains;

/// <summary>A question that takes nothing and waits until the record was seen.</summary>
/// <param name="Request">What it asks.</param>
/// <param name="Message">The message that asked.</param>
/// <param name="Index">Which of its questions.</param>
internal sealed record PendingPeek(CounterRequest Request, ReplyCollector Message, int Index);
