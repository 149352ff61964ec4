using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>A question on its way to its counter, or to the desk of its owner's silo, until it is answered.</summary>
/// <param name="line">The line to its counter.</param>
/// <param name="question">What is asked.</param>
/// <param name="owner">The activation that is asked, at a desk; 0 if whoever owns the counter.</param>
/// <param name="askedAt">When, by the monotonic clock.</param>
internal sealed class PendingRequest(CounterChannel line, in CounterQuestion question, UInt128 owner, long askedAt)
    : TaskCompletionSource<RequestResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The line to its counter.</summary>
    public CounterChannel Line { get; } = line;

    /// <summary>What is asked.</summary>
    public CounterQuestion Question { get; } = question;

    /// <summary>The activation that is asked, at a desk.</summary>
    public UInt128 Owner { get; } = owner;

    /// <summary>When it was asked, by the monotonic clock.</summary>
    public long AskedAt { get; } = askedAt;

    /// <summary>The answer; it never fails.</summary>
    public Task<RequestResult> Answer => Task;

    /// <summary>Ends it.</summary>
    public void End(RequestResult answer) => TrySetResult(answer);
}
