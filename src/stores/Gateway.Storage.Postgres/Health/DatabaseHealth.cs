namespace Gateway.Storage.Postgres.Health;

/// <summary>Availability of the database, updated by its heartbeat and by users whose connections break.</summary>
internal sealed class DatabaseHealth
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _loss = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _fault = "The PostgreSQL store has not been reached yet.";
    private volatile bool _isReachable;
    private volatile int _epoch;
    private long _clockAheadMs;

    /// <summary>Reason why calls are denied; null if they are not.</summary>
    public string? Fault => _fault;

    /// <summary>
    /// True once this process issues nothing more because of its clock and only returns what it holds.
    /// </summary>
    public bool OnlyHandsBack { get; set; }

    /// <summary>True if requests go to the database; otherwise their outcome is unknown at once.</summary>
    public bool LetsThrough => _fault is null || (OnlyHandsBack && _isReachable);

    /// <summary>False from a failed connection until the heartbeat succeeds; requests are denied at once.</summary>
    public bool IsReachable => _isReachable;

    /// <summary>False while the database responds but this machine's clock is not trustworthy.</summary>
    public bool IsClockTrusted => !_isReachable || _fault is null;

    /// <summary>
    /// Milliseconds by which this machine's clock was probably ahead at the last heartbeat; negative if behind.
    /// </summary>
    public long ClockAheadMs => Volatile.Read(ref _clockAheadMs);

    /// <summary>Number of connection losses; connections opened before the last one are not used again.</summary>
    public int Epoch => _epoch;

    /// <summary>Records a heartbeat that succeeded, perhaps with a clock fault.</summary>
    public void Reached(string? clockFault, long clockAheadMs)
    {
        Volatile.Write(ref _clockAheadMs, clockAheadMs);
        _fault = clockFault;
        _isReachable = true;
    }

    /// <summary>Records that a connection could not be opened.</summary>
    public void Lost(string fault)
    {
        _fault = fault;
        _isReachable = false;
        Suspect();
    }

    /// <summary>Records that a connection broke, and triggers an immediate heartbeat.</summary>
    public void Suspect()
    {
        lock (_lock)
        {
            _epoch++;
            _loss.TrySetResult();
        }
    }

    /// <summary>Waits for the next loss, or until the time is over.</summary>
    public async Task WaitForLossAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        Task loss;
        lock (_lock) loss = _loss.Task;
        await loss.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
            if (_loss.Task.IsCompleted) _loss = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
