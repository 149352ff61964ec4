namespace Gateway.Orleans.Client;

/// <summary>
/// Whether owners are on the move: one said lately that it goes away, or its silo's desk could not be reached. What is
/// asked of a silo that stops may be lost without a word, so meanwhile nobody waits long before asking anew.
/// </summary>
/// <remarks>While nobody moves a message costs no timer and no memory; when somebody does, one timer starts.</remarks>
internal sealed class OwnersMoving : IDisposable
{
    /// <summary>As long as a silo takes to stop.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>How long one message is waited for meanwhile.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>Waits that are kept to be used again.</summary>
    private const int IdleMax = 256;

    private readonly Lock _lock = new();
    private readonly Stack<MessageWait> _idle = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private MessageWait? _first;
    private MessageWait? _last;
    private bool _isTimed;
    private long _at;
    private bool _hasBeen;

    public OwnersMoving(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(
            static moving => ((OwnersMoving)moving!).LeaveLate(), this,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True for a while after <see cref="Record"/>.</summary>
    public bool AreSo => Volatile.Read(ref _hasBeen) && _time.GetElapsedTime(Volatile.Read(ref _at)) < Age;

    /// <summary>An owner said that it goes away, or could not be reached.</summary>
    public void Record()
    {
        lock (_lock)
        {
            Volatile.Write(ref _at, _time.GetTimestamp());
            Volatile.Write(ref _hasBeen, true);
            if (_isTimed) return;
            _isTimed = true;
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Waits for the answer to a message, and less long while owners are on the move.</summary>
    /// <exception cref="TimeoutException">It was lost, or is late.</exception>
    public ValueTask<T> WaitAsync<T>(ValueTask<T> asked)
    {
        if (asked.IsCompleted) return asked;
        AnswerWait<T> wait;
        lock (_lock)
        {
            wait = _idle.TryPop(out var idle) && idle is AnswerWait<T> fit ? fit : new AnswerWait<T>(this);
            wait.SentAt = _time.GetTimestamp();
            wait.IsUnderWay = true;
            wait.Earlier = _last;
            if (_last is null) _first = wait;
            else _last.Later = wait;
            _last = wait;
        }

        return wait.Start(asked);
    }

    /// <summary>Ends the timer; nothing is left any more before it is answered.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>It is answered; false if it was left before.</summary>
    internal bool TryEnd(MessageWait wait)
    {
        lock (_lock)
        {
            if (!wait.IsUnderWay) return false;
            Remove(wait);
            return true;
        }
    }

    /// <summary>Its answer was read: another message may use it.</summary>
    internal void GiveBack(MessageWait wait)
    {
        lock (_lock)
            if (_idle.Count < IdleMax) _idle.Push(wait);
    }

    private void Remove(MessageWait wait)
    {
        if (wait.Earlier is null) _first = wait.Later;
        else wait.Earlier.Later = wait.Later;
        if (wait.Later is null) _last = wait.Earlier;
        else wait.Later.Earlier = wait.Earlier;
        (wait.Earlier, wait.Later, wait.IsUnderWay) = (null, null, false);
    }

    /// <summary>Leaves what was sent too long ago, and looks again when the next one will have been.</summary>
    private void LeaveLate()
    {
        var late = new List<MessageWait>();
        lock (_lock)
        {
            _isTimed = AreSo;
            if (!_isTimed) return;
            var now = _time.GetTimestamp();
            while (_first is { } first && _time.GetElapsedTime(first.SentAt, now) >= Patience)
            {
                Remove(first);
                late.Add(first);
            }

            // Timers know whole milliseconds, and one that fires too early would find nothing.
            var next = _first is null ? Patience : Patience - _time.GetElapsedTime(_first.SentAt, now);
            _timer.Change(next + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        foreach (var wait in late) wait.Leave();
    }
}
