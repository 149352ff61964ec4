using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Grains;

/// <summary>
/// A message some of whose questions wait. Whoever received it fills it in; the owners that it waits for answer late,
/// each from its own thread, until it was told what there is.
/// </summary>
internal sealed class ReplyCollector(int questions)
{
    private static readonly CounterAnswer Waiting = new() { Kind = CounterAnswerKind.Waiting };

    private readonly CounterAnswer[] _answers = new CounterAnswer[questions];
    private TaskCompletionSource? _done;
    private int _open;
    private bool _isTold;

    /// <summary>True if some question waits.</summary>
    public bool IsOpen => Volatile.Read(ref _open) > 0;

    /// <summary>True once its reply has left: what is answered now reaches nobody.</summary>
    public bool IsTold => Volatile.Read(ref _isTold);

    /// <summary>A question is answered that does not wait.</summary>
    public void Answer(int index, in CounterAnswer answer) => _answers[index] = answer;

    /// <summary>One more question waits.</summary>
    public void Wait(int index)
    {
        lock (_answers)
        {
            _answers[index] = Waiting;
            _open++;
        }
    }

    /// <summary>A waiting question has its answer.</summary>
    public void AnswerLate(int index, in CounterAnswer answer)
    {
        lock (_answers)
        {
            if (_isTold) return;
            _answers[index] = answer;
            if (--_open == 0) _done?.TrySetResult();
        }
    }

    /// <summary>Ends when every question has its answer. To be asked for once all have been put.</summary>
    public Task DoneAsync()
    {
        lock (_answers)
        {
            if (_open == 0) return Task.CompletedTask;
            _done ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _done.Task;
        }
    }

    /// <summary>The answers that there are; the others say that they wait. Nothing changes them any more.</summary>
    public CounterAnswer[] Tell()
    {
        lock (_answers) _isTold = true;
        return _answers;
    }
}
