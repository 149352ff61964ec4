using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>A request to a counter or to the batch grain of its owner's silo, until it has a result.</summary>
/// <param name="line">The connection to the counter.</param>
/// <param name="question">The request.</param>
/// <param name="owner">The activation to reach through a batch grain; 0 for the counter's current owner.</param>
/// <param name="askedAt">Time of the request, by the monotonic clock.</param>
internal sealed class PendingRequest(CounterChannel line, in CounterQuestion question, UInt128 owner, long askedAt)
    : TaskCompletionSource<RequestResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public CounterChannel Line { get; } = line;

    public CounterQuestion Question { get; } = question;

    /// <summary>The activation to reach through a batch grain.</summary>
    public UInt128 Owner { get; } = owner;

    /// <summary>Time of the request, by the monotonic clock.</summary>
    public long AskedAt { get; } = askedAt;

    /// <summary>The result; this task never fails.</summary>
    public Task<RequestResult> Answer => Task;

    public void End(RequestResult answer) => TrySetResult(answer);
}

/// <summary>The result of a request.</summary>
/// <param name="Outcome">True if there is a reply.</param>
/// <param name="Answer">The reply, if there is one.</param>
/// <param name="Owner">The activation that replied.</param>
internal readonly record struct RequestResult(
    RequestStatus Outcome, CounterAnswer Answer = default, UInt128 Owner = default);

/// <summary>The status of a request.</summary>
internal enum RequestStatus
{
    /// <summary>The owner replied.</summary>
    Answered,

    /// <summary>
    /// There was no timely reply: the owner may have issued numbers, which this process will never use.
    /// </summary>
    TimedOut,

    /// <summary>No owner could be reached within the time of a request.</summary>
    Unreachable,
}
