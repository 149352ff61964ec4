using Gateway.Limits.Model;

namespace Gateway.Orleans.Grains;

/// <summary>A request that takes nothing and waits until the record was read.</summary>
/// <param name="Request">The request.</param>
/// <param name="Message">The message that contained it.</param>
/// <param name="Index">The request's index in the message.</param>
internal sealed record PendingPeek(CounterRequest Request, ReplyCollector Message, int Index);
