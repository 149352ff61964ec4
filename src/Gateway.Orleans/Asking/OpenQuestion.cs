namespace Gateway.Orleans.Asking;

/// <summary>A question on its way to its counter. Owned by its line until it is answered.</summary>
/// <param name="question">What is asked.</param>
/// <param name="askedAt">When, by the monotonic clock.</param>
internal sealed class OpenQuestion(CounterQuestion question, long askedAt)
{
    private readonly TaskCompletionSource<LineAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is asked.</summary>
    public CounterQuestion Question { get; } = question;

    /// <summary>When it was asked, by the monotonic clock.</summary>
    public long AskedAt { get; } = askedAt;

    /// <summary>The answer; it never fails.</summary>
    public Task<LineAnswer> Answer => _answer.Task;

    /// <summary>Ends it.</summary>
    public void End(LineAnswer answer) => _answer.TrySetResult(answer);
}
