using System.Globalization;

namespace Gateway.Limits.Model;

/// <summary>The highest time that earlier processes trusted, as it was read at the start.</summary>
/// <param name="HighestMs">Unix milliseconds UTC; null where nothing was stored or it cannot be read.</param>
/// <param name="Problem">The reason why it cannot be read; null if it can, or if nothing was stored.</param>
public readonly record struct StoredTime(long? HighestMs, string? Problem);

/// <summary>
/// The clock of a process, which never goes back and distrusts a jump forward. It follows the wall clock while that
/// agrees with the monotonic one. A wall clock that was set back is approached slowly. One that jumped ahead by more
/// than <see cref="ClockBounds.EpsilonMaxMs"/> is trusted only if a clock that counts suspended time or the store's
/// clock agrees, or if it matches the time expected from the last trusted wall time.
/// </summary>
/// <remarks>
/// At the start there is only the highest time that was trusted before to compare the wall clock with. If the wall
/// clock is below that, or far above, this clock continues from that time, untrusted, until it is confirmed: by
/// <see cref="Witness"/>, by <see cref="Accept"/>, or by a wall clock that was corrected. Only the first two may take
/// this clock back, and no call with limits was admitted by it then.
/// </remarks>
/// <param name="time">The provider of wall and monotonic time.</param>
/// <param name="suspendClock">
/// Returns milliseconds since boot, suspended time included; null if there is no such clock.
/// </param>
/// <param name="stored">The highest time that was trusted before this start.</param>
public sealed class ProcessClock(TimeProvider time, Func<long>? suspendClock = null, StoredTime stored = default)
{
    /// <summary>The provider of timers; its timestamps are for durations.</summary>
    public TimeProvider Timers => time;

    /// <summary>While ahead of the wall clock, this one runs at 7/8 of its speed.</summary>
    private const int SlewParts = 8;

    /// <summary>The corresponding divisor while it moves to the store's clock, which other processes use.</summary>
    private const int CorrectionParts = 2;

    private const string WayOut =
        "Correct the clock. If it is already correct, confirm it on this gateway: gateway clock accept";

    private static readonly ClockFault Jump = new("the clock of this node jumped forward", IsOfStart: false);

    private readonly Lock _lock = new();
    private bool _isStarted;
    private double _nowMs;
    private double _monotonicMs;
    private double _suspendedMs;
    private double _correctionMs;
    private double _wallMs;
    private double _behindAtStartMs;
    private bool _isCompared;
    private Anchor _anchor;
    private volatile ClockFault? _fault;

    /// <summary>
    /// False after a jump forward that nothing confirmed, or after a start with a clock that contradicts the stored
    /// time. The node must then deny calls and is not ready.
    /// </summary>
    public bool IsTrusted => _fault is null;

    /// <summary>
    /// The reason why this clock is not trusted, and the remedy, for the operator; null while it is trusted.
    /// </summary>
    public string? Fault => _fault is { } fault ? $"{fault.Text}. {WayOut}" : null;

    /// <summary>The reason why this clock is not trusted, for an agent; null while it is trusted.</summary>
    public string? Reason => _fault?.Text;

    /// <summary>Raised after <see cref="Accept"/> changed this clock, before it returns.</summary>
    public event Action? Accepted;

    /// <summary>Returns Unix milliseconds UTC; never less than at the last call, except after a confirmation.</summary>
    public long NowMs()
    {
        lock (_lock)
        {
            Advance(storeMs: null);
            return (long)_nowMs;
        }
    }

    /// <summary>
    /// Returns the highest time that this clock trusted, which is the present; null while it is not trusted.
    /// </summary>
    public long? TrustedMs()
    {
        lock (_lock)
        {
            Advance(storeMs: null);
            return _fault is null ? (long)_nowMs : null;
        }
    }

    /// <summary>
    /// Returns the machine's clock as it is, Unix milliseconds UTC. For comparisons, never for decisions.
    /// </summary>
    public long WallMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Compares the wall clock with the store's clock as a witness. True if this clock is trusted afterwards.
    /// </summary>
    public bool Witness(long storeMs)
    {
        lock (_lock)
        {
            Advance(storeMs);
            return _fault is null;
        }
    }

    /// <summary>Trusts the wall clock as it is now, because an operator confirmed it.</summary>
    /// <returns>False if it was trusted already; then nothing changes.</returns>
    public bool Accept()
    {
        lock (_lock)
        {
            Advance(storeMs: null);
            if (_fault is null) return false;
            Trust(_wallMs - _correctionMs);
        }

        Accepted?.Invoke();
        return true;
    }

    /// <summary>
    /// Corrects this clock by the wall clock's lead over the store's clock, which other processes use; a negative lead
    /// means behind. A difference above <see cref="ClockBounds.EpsilonMs"/> and within
    /// <see cref="ClockBounds.EpsilonMaxMs"/> is subtracted from now on, without ever going back. Beyond that the clock
    /// is wrong and is left as it is. Between two comparisons a small step of the wall clock is not followed; the next
    /// comparison detects it.
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
        var elapsedMs = Math.Max(0, monotonicMs - _monotonicMs);
        _monotonicMs = monotonicMs;
        if (!_isStarted)
        {
            _isStarted = true;
            elapsedMs = 0;
            Start(wallMs);
        }

        if (_fault is not null && storeMs is { } witnessMs && Math.Abs(wallMs - witnessMs) <= ClockBounds.EpsilonMaxMs)
            Trust(wallMs);
        else if (_fault is { IsOfStart: true })
            AdvanceUnconfirmed(wallMs, elapsedMs);
        else
            AdvanceStarted(wallMs, elapsedMs, storeMs);
    }

    /// <summary>Starts from the wall clock, unless it contradicts the time that was trusted before.</summary>
    private void Start(double wallMs)
    {
        var highestMs = stored.HighestMs ?? wallMs;
        (_suspendedMs, _behindAtStartMs) = (SuspendedMs(), highestMs - wallMs);
        _anchor = new Anchor(highestMs, _monotonicMs, _suspendedMs);
        if (stored.Problem is { } problem)
            _fault = new ClockFault($"the stored time of this node cannot be read ({problem})", IsOfStart: true);
        else if (_behindAtStartMs > 2 * ClockBounds.EpsilonMs)
            _fault = new ClockFault(Contradiction(wallMs, "before", highestMs), IsOfStart: true);
        else if (-_behindAtStartMs > ClockBounds.StartAheadMaxMs)
            _fault = new ClockFault(Contradiction(wallMs, "more than 30 days after", highestMs), IsOfStart: true);
        _nowMs = _fault is null ? Math.Max(wallMs, highestMs) : highestMs;
    }

    /// <summary>
    /// Continues from the highest time that was trusted, so that anything expired stays expired, until the wall clock
    /// no longer contradicts it. A difference of less than a second is corrected slowly, as in a running clock.
    /// </summary>
    private void AdvanceUnconfirmed(double wallMs, double elapsedMs)
    {
        var (expectedMs, driftMs) = Expected();
        var leastMs = expectedMs - driftMs;
        if (_behindAtStartMs is > 0 and <= ClockBounds.EpsilonMaxMs)
            leastMs = _nowMs += elapsedMs * (SlewParts - 1) / SlewParts;
        else
            _nowMs = Math.Max(_nowMs, expectedMs);
        if (stored.Problem is null && wallMs >= leastMs - (2 * ClockBounds.EpsilonMs)
            && wallMs <= expectedMs + driftMs + ClockBounds.StartAheadMaxMs)
        {
            Trust(Math.Max(wallMs, _nowMs));
        }
    }

    private void AdvanceStarted(double wallMs, double elapsedMs, long? storeMs)
    {
        var expectedMs = _nowMs + elapsedMs;
        if (wallMs - expectedMs > ClockBounds.EpsilonMaxMs)
        {
            if (IsExplained(wallMs, expectedMs, storeMs)) Trust(wallMs);
            else (_fault, _nowMs) = (Jump, expectedMs);
            return;
        }

        _fault = null;
        var parts = _isCompared ? CorrectionParts : SlewParts;
        _nowMs = Math.Max(wallMs, _nowMs + (wallMs < expectedMs ? elapsedMs * (parts - 1) / parts : elapsedMs));
        // A wall clock that was set back leaves the anchor where it was, as it may be corrected again.
        if (wallMs >= _nowMs - (2 * ClockBounds.EpsilonMs))
            _anchor = new Anchor(wallMs, _monotonicMs, SuspendedMs());
    }

    private bool IsExplained(double wallMs, double expectedMs, long? storeMs)
    {
        if (storeMs is { } witnessMs && Math.Abs(wallMs - witnessMs) <= ClockBounds.EpsilonMaxMs) return true;
        if (wallMs - (expectedMs + SuspendedMs() - _suspendedMs) <= ClockBounds.EpsilonMaxMs) return true;
        var (anchoredMs, driftMs) = Expected();
        return Math.Abs(wallMs - anchoredMs) <= ClockBounds.EpsilonMaxMs + driftMs;
    }

    /// <summary>Returns the last trusted wall time plus the elapsed time, and the maximum drift of that sum.</summary>
    private (double ExpectedMs, double DriftMs) Expected()
    {
        var sinceMs = Math.Max(0, _monotonicMs - _anchor.MonotonicMs + SuspendedMs() - _anchor.SuspendedMs);
        return (_anchor.WallMs + sinceMs, sinceMs / ClockBounds.DriftParts);
    }

    private void Trust(double wallMs)
    {
        (_fault, _nowMs, _suspendedMs) = (null, wallMs, SuspendedMs());
        _anchor = new Anchor(wallMs, _monotonicMs, _suspendedMs);
    }

    private double SuspendedMs() => suspendClock is null ? 0 : suspendClock() - _monotonicMs;

    private static string Contradiction(double wallMs, string where, double highestMs) =>
        $"the clock of this node shows {Text(wallMs)}, which is {where} {Text(highestMs)}, the latest time stored "
        + "before this start";

    private static string Text(double ms) => DateTimeOffset.FromUnixTimeMilliseconds((long)ms)
        .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A moment at which the wall clock was trusted.</summary>
    private readonly record struct Anchor(double WallMs, double MonotonicMs, double SuspendedMs);

    /// <param name="Text">The description of the fault.</param>
    /// <param name="IsOfStart">True if it concerns the stored time; otherwise the clock jumped while it ran.</param>
    private sealed record ClockFault(string Text, bool IsOfStart);
}

/// <summary>
/// A time provider with the wall time of a <see cref="ProcessClock"/> and the rest of another provider. For components
/// that expire data by age, which a clock that jumped must not expire early.
/// </summary>
public sealed class ProcessTime(ProcessClock clock, TimeProvider time) : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
