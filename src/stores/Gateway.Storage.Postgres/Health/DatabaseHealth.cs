namespace Gateway.Storage.Postgres.Health;

/// <summary>True if the database may be counted on now; written by its heartbeat and by those who lose it.</summary>
internal sealed class DatabaseHealth
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _loss = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _fault = "The PostgreSQL store has not been reached yet.";
    private volatile bool _isReachable;
    private volatile int _epoch;
    private long _clockAheadMs;

    /// <summary>Why calls are denied; null when they are not.</summary>
    public string? Fault => _fault;

    /// <summary>
    /// True once this process gives out nothing more, because of its clock, and only hands back what it holds.
    /// </summary>
    public bool OnlyHandsBack { get; set; }

    /// <summary>True if requests go to the database; else their end is unknown at once.</summary>
    public bool LetsThrough => _fault is null || (OnlyHandsBack && _isReachable);

    /// <summary>False from a failed connection until the heartbeat gets through: requests are denied at once.</summary>
    public bool IsReachable => _isReachable;

    /// <summary>False while the database answers and this machine's clock cannot be believed.</summary>
    public bool IsClockTrusted => !_isReachable || _fault is null;

    /// <summary>By how much this machine's clock was probably ahead at the last answer; negative if behind.</summary>
    public long ClockAheadMs => Volatile.Read(ref _clockAheadMs);

    /// <summary>Raised when any connection broke: those opened before are then not used again.</summary>
    public int Epoch => _epoch;

    /// <summary>The heartbeat got an answer, and may still have found something wrong with the clocks.</summary>
    public void Reached(string? clockFault, long clockAheadMs)
    {
        Volatile.Write(ref _clockAheadMs, clockAheadMs);
        _fault = clockFault;
        _isReachable = true;
    }

    /// <summary>A connection could not be opened.</summary>
    public void Lost(string fault)
    {
        _fault = fault;
        _isReachable = false;
        Suspect();
    }

    /// <summary>A connection broke: the heartbeat looks at once.</summary>
    public void Suspect()
    {
        lock (_lock)
        {
            _epoch++;
            _loss.TrySetResult();
        }
    }

    /// <summary>Waits for the next loss, or until the time is over.</summary>
    public async Task WaitForLossAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task loss;
        lock (_lock) loss = _loss.Task;
        await loss.WaitAsync(atMost, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
            if (_loss.Task.IsCompleted) _loss = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
