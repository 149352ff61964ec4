namespace Gateway.Limits.Model;

/// <summary>
/// The clock of a process: never goes back, and doubts a jump forward. It is the wall clock while that agrees with the
/// monotonic one; a wall clock that was set back is approached slowly; one that leapt ahead by more than
/// <see cref="ClockBounds.EpsilonMaxMs"/> is believed only if a clock that counts suspended time, or the store's,
/// agrees.
/// </summary>
/// <param name="time">Wall and monotonic time.</param>
/// <param name="suspendClock">
/// Milliseconds since boot, suspended time included; null where there is no such clock.
/// </param>
public sealed class ProcessClock(TimeProvider time, Func<long>? suspendClock = null)
{
    /// <summary>While ahead of the wall clock, this one runs at 7/8 of its speed.</summary>
    private const int SlewParts = 8;

    /// <summary>The same while it goes over to the store's, which others count by.</summary>
    private const int CorrectionParts = 2;

    private readonly Lock _lock = new();
    private bool _isStarted;
    private double _nowMs;
    private double _monotonicMs;
    private double _suspendedMs;
    private double _correctionMs;
    private double _wallMs;
    private bool _isCompared;
    private volatile bool _isDoubted;

    /// <summary>False after a jump forward that nothing confirmed: the node must deny and is not ready.</summary>
    public bool IsTrusted => !_isDoubted;

    /// <summary>Unix milliseconds UTC; never less than at the last call.</summary>
    public long NowMs()
    {
        lock (_lock)
        {
            Advance(storeMs: null);
            return (long)_nowMs;
        }
    }

    /// <summary>The machine's clock as it is, Unix milliseconds UTC: for comparing, never for deciding.</summary>
    public long WallMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Offers the store's clock as a witness for a jump forward. True if this clock is trusted afterwards.
    /// </summary>
    public bool Witness(long storeMs)
    {
        lock (_lock)
        {
            Advance(storeMs);
            return !_isDoubted;
        }
    }

    /// <summary>
    /// The wall clock is this much ahead of the store's, which others count by; negative if behind. A difference above
    /// <see cref="ClockBounds.EpsilonMs"/> and within <see cref="ClockBounds.EpsilonMaxMs"/> is taken off from now on,
    /// without ever going back; beyond that the clock is wrong, and is left as it is. Between two comparisons a small
    /// step of the wall clock is not followed: the next one tells.
    /// </summary>
    public void Compare(long wallAheadMs)
    {
        lock (_lock)
        {
            Advance(storeMs: null);
            _isCompared = true;
            var distanceMs = Math.Abs(wallAheadMs);
            if (distanceMs is <= ClockBounds.EpsilonMs / 2 or > ClockBounds.EpsilonMaxMs) _correctionMs = 0;
            else if (distanceMs > ClockBounds.EpsilonMs) _correctionMs = wallAheadMs;
        }
    }

    private void Advance(long? storeMs)
    {
        var machineMs = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
        var monotonicMs = time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds;
        var stepMs = machineMs - _wallMs - (monotonicMs - _monotonicMs);
        _wallMs = machineMs;
        if (_isCompared && Math.Abs(stepMs) is > ClockBounds.EpsilonMs / 2 and <= ClockBounds.EpsilonMaxMs)
            _correctionMs += stepMs;
        var wallMs = machineMs - _correctionMs;
        if (!_isStarted)
        {
            (_isStarted, _nowMs, _monotonicMs) = (true, wallMs, monotonicMs);
            _suspendedMs = SuspendedMs(monotonicMs);
            return;
        }

        var elapsedMs = Math.Max(0, monotonicMs - _monotonicMs);
        var expectedMs = _nowMs + elapsedMs;
        _monotonicMs = monotonicMs;
        if (wallMs - expectedMs > ClockBounds.EpsilonMaxMs)
        {
            _isDoubted = !IsExplained(wallMs, expectedMs, monotonicMs, storeMs);
            _nowMs = _isDoubted ? expectedMs : wallMs;
            if (!_isDoubted) _suspendedMs = SuspendedMs(monotonicMs);
            return;
        }

        _isDoubted = false;
        var parts = _isCompared ? CorrectionParts : SlewParts;
        _nowMs = Math.Max(wallMs, _nowMs + (wallMs < expectedMs ? elapsedMs * (parts - 1) / parts : elapsedMs));
    }

    private bool IsExplained(double wallMs, double expectedMs, double monotonicMs, long? storeMs)
    {
        if (storeMs is { } witnessMs && Math.Abs(wallMs - witnessMs) <= ClockBounds.EpsilonMaxMs) return true;
        var sleptMs = SuspendedMs(monotonicMs) - _suspendedMs;
        return wallMs - (expectedMs + sleptMs) <= ClockBounds.EpsilonMaxMs;
    }

    private double SuspendedMs(double monotonicMs) => suspendClock is null ? 0 : suspendClock() - monotonicMs;
}
