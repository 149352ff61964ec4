namespace Gateway.Orleans.Client;

/// <summary>
/// Tracks whether owners are moving: one announced recently that it is leaving, or its silo's batch grain could not be
/// reached. A request to a stopping silo can be lost silently, so during that time callers retry early.
/// </summary>
/// <remarks>
/// While no owner is moving, a message needs no timer and no memory; otherwise one timer serves all messages.
/// </remarks>
internal sealed class OwnersMoving : IDisposable
{
    /// <summary>Time that a silo takes to stop.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>Maximum wait for one message while owners are moving.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>Maximum number of pooled waits.</summary>
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

    /// <summary>Records that an owner announced its departure or could not be reached.</summary>
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

    /// <summary>Waits for the reply to a message, for a shorter time while owners are moving.</summary>
    /// <exception cref="TimeoutException">The message was lost or the reply is late.</exception>
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

    /// <summary>Stops the timer; from now on no wait is abandoned.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>Ends a wait whose reply arrived; returns false if it was abandoned before.</summary>
    internal bool TryEnd(MessageWait wait)
    {
        lock (_lock)
        {
            if (!wait.IsUnderWay) return false;
            Remove(wait);
            return true;
        }
    }

    /// <summary>Returns a wait to the pool after its result was read.</summary>
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

    /// <summary>Abandons waits that are too old, and sets the timer for the next one.</summary>
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

            // Timers have millisecond resolution, and one that fires too early would find nothing.
            var next = _first is null ? Patience : Patience - _time.GetElapsedTime(_first.SentAt, now);
            _timer.Change(next + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        foreach (var wait in late) wait.Leave();
    }
}
