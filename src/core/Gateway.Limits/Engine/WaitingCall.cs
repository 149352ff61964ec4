using Gateway.Limits.Counting;

namespace Gateway.Limits.Engine;

/// <summary>A call whose reply comes later. Owned by its shard; changed only with the shard's lock held.</summary>
internal sealed class WaitingCall(ICounter counter)
{
    /// <summary>The counter at which it waits.</summary>
    public ICounter Counter => counter;

    /// <summary>The reply, for all of its callers.</summary>
    public TaskCompletionSource<CounterReply> Answer { get; } = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Number of callers that wait or took the reply: a repeated call joins the first. Only the last one to cancel
    /// gives the numbers back.
    /// </summary>
    public int Callers { get; set; } = 1;
}
