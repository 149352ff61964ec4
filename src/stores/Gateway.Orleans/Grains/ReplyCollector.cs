using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Grains;

/// <summary>
/// Collects the replies of a message some of whose requests wait. The receiver fills it; waiting owners add their
/// replies later, each from its own thread, until the collected replies have been sent.
/// </summary>
internal sealed class ReplyCollector(int questions)
{
    private static readonly CounterAnswer Waiting = new() { Kind = CounterAnswerKind.Waiting };

    private readonly CounterAnswer[] _answers = new CounterAnswer[questions];
    private TaskCompletionSource? _done;
    private int _open;
    private bool _isSealed;

    /// <summary>True if some request waits.</summary>
    public bool IsOpen => Volatile.Read(ref _open) > 0;

    /// <summary>True once the replies have been sent; a later reply reaches nobody.</summary>
    public bool IsSealed => Volatile.Read(ref _isSealed);

    /// <summary>Sets the reply to a request that does not wait.</summary>
    public void Answer(int index, in CounterAnswer answer) => _answers[index] = answer;

    /// <summary>Notes that one more request waits.</summary>
    public void Wait(int index)
    {
        lock (_answers)
        {
            _answers[index] = Waiting;
            _open++;
        }
    }

    /// <summary>Sets the reply to a waiting request.</summary>
    public void AnswerLate(int index, in CounterAnswer answer)
    {
        lock (_answers)
        {
            if (_isSealed) return;
            _answers[index] = answer;
            if (--_open == 0) _done?.TrySetResult();
        }
    }

    /// <summary>
    /// Returns a task that completes when every request has its reply. Call it only after all requests were added.
    /// </summary>
    public Task DoneAsync()
    {
        lock (_answers)
        {
            if (_open == 0) return Task.CompletedTask;
            _done ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _done.Task;
        }
    }

    /// <summary>
    /// Returns the available replies, with <c>Waiting</c> for the others. Nothing changes them afterwards.
    /// </summary>
    public CounterAnswer[] Seal()
    {
        lock (_answers) _isSealed = true;
        return _answers;
    }
}
