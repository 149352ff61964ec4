using Gateway.Orleans.Grains;
using Gateway.Orleans.Wire;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Gateway.Orleans.Batching;

/// <summary>
/// The desk of one silo. Reentrant: a reply that is held for answers to come stands in nobody's way.
/// </summary>
[GrainType("gateway.counter-desk")]
[Reentrant]
[BatchPlacement]
[Immovable]
internal sealed class CounterBatchGrain(ActivationDirectory owners) : Grain, ICounterBatchGrain
{
    private static readonly CounterAnswer Gone = new() { Kind = CounterAnswerKind.Gone };

    /// <summary>Means nothing, and keeps the reads from being left out.</summary>
    private long _touched;

    public ValueTask<BatchBytes> AskAsync(BatchBytes asks)
    {
        var questions = BatchFormat.ReadAsks(asks.Content, out var settled, out var holdMs);
        foreach (var call in settled) owners.Find(call.Owner)?.Commit(call.CallId);
        var pending = new ReplyCollector(questions.Length);
        var nowMs = owners.Clock.NowMs();
        Prefetch(questions);
        for (var i = 0; i < questions.Length; i++)
        {
            if (owners.Find(questions[i].Owner) is { } owner) owner.Handle(questions[i].Question, nowMs, pending, i);
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
    private void Prefetch(BatchRequest[] questions)
    {
        var sum = 0L;
        foreach (ref readonly var ask in questions.AsSpan())
            if (owners.Find(ask.Owner) is { } owner) sum += owner.Prefetch(ask.Question.CallId);
        _touched = sum;
    }

    /// <summary>Until all are answered, or this much time has passed.</summary>
    private async ValueTask<BatchBytes> HoldAsync(ReplyCollector pending, TimeSpan hold)
    {
        const ConfigureAwaitOptions inTurn =
            ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing;
        await pending.DoneAsync().WaitAsync(hold, owners.Time).ConfigureAwait(inTurn);
        return Reply(pending);
    }

    private BatchBytes Reply(ReplyCollector pending) =>
        new(BatchFormat.WriteReply(owners.Clock.NowMs(), pending.Tell()));
}
