using Gateway.Limits.Counting;

namespace Gateway.Limits.Engine;

/// <summary>A call whose answer comes later. Owned by its shard, changed with the shard's lock held.</summary>
internal sealed class WaitingCall(ICounter counter)
{
    /// <summary>Where it waits.</summary>
    public ICounter Counter => counter;

    /// <summary>The answer, for all of its callers.</summary>
    public TaskCompletionSource<CounterReply> Answer { get; } = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Those who wait or took the answer: a repeated call joins the first. Only the last that gives up gives back.
    /// </summary>
    public int Callers { get; set; } = 1;
}
