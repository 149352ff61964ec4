using Gateway.Limits.Engine;
using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// The exact engine in one process, over a local journal: nothing to install. What it has admitted survives
/// <c>kill -9</c>, and with <see cref="Durability.Machine"/> the end of the machine.
/// </summary>
public sealed class JournalEngine : ILimiter, IAsyncDisposable
{
    private const int RaiseFloorEveryMs = 30_000;

    /// <summary>
    /// Made anew, a counter costs a read, a write and some garbage: more than the memory of a minute is worth.
    /// </summary>
    private const int IdleMs = 60_000;

    /// <summary>A finished window stays known for so long, for clocks that are far behind.</summary>
    private const int HorizonMs = 600_000;

    private readonly JournalLock _lock;
    private readonly JournalStore _journal;
    private readonly LocalEngine _limiter;
    private readonly ITimer _timer;

    private JournalEngine(JournalLock heldLock, JournalStore journal, LocalEngine limiter, TimeProvider time)
    {
        (_lock, _journal, _limiter) = (heldLock, journal, limiter);
        var every = TimeSpan.FromMilliseconds(RaiseFloorEveryMs);
        _timer = time.CreateTimer(static self => ((JournalEngine)self!).RaiseFloor(), this, every, every);
    }

    /// <summary>The clock to read once for each decision.</summary>
    public ProcessClock Clock => _limiter.Clock;

    /// <summary>False while calls are denied because of the engine itself; <see cref="Fault"/> says why.</summary>
    public bool IsHealthy => Fault is null;

    /// <summary>Why the engine denies; null while all is well.</summary>
    public string? Fault => _journal.Fault ?? _limiter.Fault;

    /// <summary>What was found missing at the start that a loss of power explains; null if nothing.</summary>
    public string? Notice => _journal.Notice;

    /// <summary>What was done with the journal so far.</summary>
    public LimiterStatistics Statistics => _limiter.Statistics;

    /// <summary>The journal's length now, in bytes.</summary>
    public long JournalBytes => _journal.FileBytes;

    /// <summary>Opens the journal, or makes one.</summary>
    /// <exception cref="JournalException">It is in use, corrupt or of a newer format; the message says what to
    /// do.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public static Task<JournalEngine> OpenAsync(JournalEngineOptions options, TimeProvider time) =>
        Task.Run(() => Open(
            options, time, new DiskFolder(options.DataDirectory), new JournalOptions(), static journal => journal));

    /// <summary>
    /// Looks at the journal and, if it is damaged, keeps what is whole. Windows that began before are then refused to
    /// their end, because counts may be lost.
    /// </summary>
    /// <exception cref="JournalException">It is in use, missing, or of a newer format.</exception>
    public static Task<JournalRepairReport> RepairAsync(JournalEngineOptions options, TimeProvider time) =>
        Task.Run(() =>
        {
            if (!Directory.Exists(options.DataDirectory)) throw JournalRepair.Missing();
            using var held = new JournalLock(options.DataDirectory);
            return JournalRepair.Run(new DiskFolder(options.DataDirectory), new ProcessClock(time).NowMs());
        });

    /// <inheritdoc/>
    public ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken) =>
        _limiter.AcquireAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken) =>
        _limiter.PeekAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken) =>
        _limiter.ReleaseAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken) =>
        _limiter.RefundAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public bool HasRoomForSession(string grant) => _limiter.HasRoomForSession(grant);

    /// <summary>Hands back what was reserved and not given out, writes it, and lets go of the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _limiter.DisposeAsync();
        await _journal.DisposeAsync();
        _lock.Dispose();
    }

    /// <summary>The same over another disk, and with something between the journal and the counters.</summary>
    internal static JournalEngine Open(
        JournalEngineOptions options,
        TimeProvider time,
        IJournalDisk disk,
        JournalOptions journalOptions,
        Func<IReservationStore, IReservationStore> through)
    {
        Directory.CreateDirectory(options.DataDirectory);
        var held = new JournalLock(options.DataDirectory);
        try
        {
            var clock = new ProcessClock(time, time == TimeProvider.System ? SuspendClock.Find() : null);
            journalOptions = journalOptions with
            {
                Durability = options.Durability,
                Bounds = options.Bounds,
            };
            var journal = new JournalStore(disk, journalOptions, time, clock.NowMs());
            var storeOptions = new LocalEngineOptions
            {
                StrictWindows = options.StrictWindows,
                Bounds = options.Bounds,
                IdleMs = IdleMs,
                Nonces = new JournalNonces(),
                StoreTimeoutMs = 0,
            };
            var limiter = new LocalEngine(through(journal), storeOptions, time, clock);
            return new JournalEngine(held, journal, limiter, time);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private void RaiseFloor() => _ = _journal.RaiseFloorAsync(Clock.NowMs() - HorizonMs).AsTask();
}
