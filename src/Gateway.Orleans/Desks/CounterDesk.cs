using Gateway.Orleans.Counters;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Gateway.Orleans.Desks;

/// <summary>
/// The desk of one silo. Reentrant: a reply that is held for answers to come stands in nobody's way.
/// </summary>
[GrainType("gateway.counter-desk")]
[Reentrant]
[DeskPlacement]
[Immovable]
internal sealed class CounterDesk(SiloOwners owners) : Grain, ICounterDesk
{
    private static readonly CounterAnswer Gone = new() { Kind = CounterAnswerKind.Gone };

    /// <summary>Means nothing, and keeps the reads from being left out.</summary>
    private long _touched;

    public ValueTask<DeskBytes> AskAsync(DeskBytes asks)
    {
        var questions = DeskFormat.ReadAsks(asks.Content, out var settled, out var holdMs);
        foreach (var call in settled) owners.Find(call.Owner)?.Settle(call.CallId);
        var pending = new PendingMessage(questions.Length);
        var nowMs = owners.Clock.NowMs();
        Touch(questions);
        for (var i = 0; i < questions.Length; i++)
        {
            if (owners.Find(questions[i].Owner) is { } owner) owner.Ask(questions[i].Question, nowMs, pending, i);
            else pending.Answer(i, Gone);
        }

        return holdMs > 0 && pending.IsOpen
            ? HoldAsync(pending, TimeSpan.FromMilliseconds(holdMs))
            : new(Reply(pending));
    }

    /// <summary>
    /// Over many counters a step is mostly misses of the cache, one after the other. Here they are of many counters at
    /// once, since none of these reads waits for the one before it.
    /// </summary>
    private void Touch(DeskAsk[] questions)
    {
        var sum = 0L;
        foreach (ref readonly var ask in questions.AsSpan())
            if (owners.Find(ask.Owner) is { } owner) sum += owner.Touch(ask.Question.CallId);
        _touched = sum;
    }

    /// <summary>Until all are answered, or this much time has passed.</summary>
    private async ValueTask<DeskBytes> HoldAsync(PendingMessage pending, TimeSpan hold)
    {
        const ConfigureAwaitOptions inTurn =
            ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing;
        await pending.DoneAsync().WaitAsync(hold, owners.Time).ConfigureAwait(inTurn);
        return Reply(pending);
    }

    private DeskBytes Reply(PendingMessage pending) =>
        new(DeskFormat.WriteReply(owners.Clock.NowMs(), pending.Tell()));
}
