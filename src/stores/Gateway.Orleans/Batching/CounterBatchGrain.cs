using Gateway.Orleans.Grains;
using Gateway.Orleans.Wire;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Gateway.Orleans.Batching;

/// <summary>
/// The batch grain of one silo. It is reentrant, so that a reply that waits for late results blocks nothing else.
/// </summary>
[GrainType("gateway.counter-desk")]
[Reentrant]
[BatchPlacement]
[Immovable]
internal sealed class CounterBatchGrain(ActivationDirectory owners) : Grain, ICounterBatchGrain
{
    private static readonly CounterAnswer Gone = new() { Kind = CounterAnswerKind.Gone };

    /// <summary>
    /// Sum of the prefetched values. It has no meaning; it keeps the compiler from removing the reads.
    /// </summary>
    private long _touched;

    public ValueTask<BatchBytes> AskAsync(BatchBytes asks)
    {
        var questions = BatchFormat.ReadAsks(asks.Content, out var committed, out var holdMs);
        foreach (var call in committed) owners.Find(call.Owner)?.Commit(call.CallId);
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
    /// Loads the counters of a batch into the CPU cache. Over many counters a step consists mostly of sequential cache
    /// misses; these reads do not depend on one another, so their misses overlap.
    /// </summary>
    private void Prefetch(BatchRequest[] questions)
    {
        var sum = 0L;
        foreach (ref readonly var ask in questions.AsSpan())
            if (owners.Find(ask.Owner) is { } owner) sum += owner.Prefetch(ask.Question.CallId);
        _touched = sum;
    }

    /// <summary>Waits until all requests have a result or the time has passed.</summary>
    private async ValueTask<BatchBytes> HoldAsync(ReplyCollector pending, TimeSpan hold)
    {
        const ConfigureAwaitOptions inTurn =
            ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing;
        await pending.DoneAsync().WaitAsync(hold, owners.Time).ConfigureAwait(inTurn);
        return Reply(pending);
    }

    private BatchBytes Reply(ReplyCollector pending) =>
        new(BatchFormat.WriteReply(owners.Clock.NowMs(), pending.Seal()));
}
