namespace Gateway.Orleans.Counters;

/// <summary>A message some of whose questions wait. Owned by the one activation that received it.</summary>
internal sealed class PendingMessage(int questions)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    /// <summary>One answer for each question; a waiting one is still empty.</summary>
    public CounterAnswer[] Answers { get; } = new CounterAnswer[questions];

    /// <summary>True if some question waits.</summary>
    public bool IsOpen => _open > 0;

    /// <summary>Ends when every question has its answer.</summary>
    public Task Done => _done.Task;

    /// <summary>One more question waits.</summary>
    public void Wait() => _open++;

    /// <summary>A waiting question has its answer.</summary>
    public void Answer(int index, CounterAnswer answer)
    {
        Answers[index] = answer;
        if (--_open == 0) _done.TrySetResult();
    }
}
