using Gateway.Limits.Counting;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Grains;

/// <summary>Converts a counter's reply to its wire form.</summary>
internal static class ReplyMapper
{
    public static CounterAnswer Answer(CounterReply reply) => reply.Kind switch
    {
        CounterReplyKind.Granted => Granted(reply),
        CounterReplyKind.Closed => new CounterAnswer { Kind = CounterAnswerKind.Closed },
        CounterReplyKind.Waiting or CounterReplyKind.Refused => new CounterAnswer
        {
            Kind = CounterAnswerKind.Refused,
            WindowStartMs = reply.Refusal.WindowStartMs,
            UsedNano = reply.Refusal.Used.Nano,
            Refusal = reply.Refusal.Kind,
            IsFinal = reply.Refusal.IsFinal,
            WindowEndMs = reply.Refusal.WindowEndMs,
        },
        _ => throw new NotSupportedException($"CounterReplyKind {reply.Kind} has no case here."),
    };

    private static CounterAnswer Granted(CounterReply reply)
    {
        var part = reply.Part!;
        var intervals = part.Intervals;
        var first = intervals.IsEmpty ? default : intervals[0];
        Int128[]? more = null;
        if (intervals.Length > 1)
        {
            more = new Int128[2 * (intervals.Length - 1)];
            for (var i = 1; i < intervals.Length; i++)
                (more[(2 * i) - 2], more[(2 * i) - 1]) = (intervals[i].Low, intervals[i].High);
        }

        return new CounterAnswer
        {
            Kind = CounterAnswerKind.Granted,
            WindowStartMs = part.WindowStartMs,
            UsedNano = part.UsedAfter.Nano,
            Low = first.Low,
            High = first.High,
            More = more,
            WindowEndMs = part.Key.Window.Zone is null ? 0 : part.WindowEndMs,
        };
    }
}
