using Gateway.Control.Options;
using Gateway.Control.Storage;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// The exact limiter of a single process over a local journal, without any further installation. Admitted calls stay
/// counted after <c>kill -9</c>, and with <see cref="Durability.Machine"/> after the end of the machine.
/// </summary>
public sealed class JournalEngine : LocalEngine, IStorageBackend
{
    private const int RaiseFloorEveryMs = 30_000;

    /// <summary>
    /// Idle time in milliseconds before a counter leaves memory. Loading it again costs a read, a write and some
    /// garbage, which is more than a minute of memory.
    /// </summary>
    private const int IdleMs = 60_000;

    /// <summary>Time in milliseconds that a finished window stays known, for clocks that are far behind.</summary>
    private const int HorizonMs = 600_000;

    private readonly JournalLock _lock;
    private readonly JournalStore _journal;
    private readonly ITimer _timer;

    private JournalEngine(
        JournalLock heldLock, JournalStore journal, IReservationStore store, JournalEngineOptions options,
        TimeProvider time, ProcessClock clock)
        : base(store, Over(options), time, clock)
    {
        (_lock, _journal) = (heldLock, journal);
        var every = TimeSpan.FromMilliseconds(RaiseFloorEveryMs);
        _timer = time.CreateTimer(static self => ((JournalEngine)self!).RaiseFloor(), this, every, every);
    }

    /// <inheritdoc/>
    public string Kind => "journal";

    /// <inheritdoc/>
    public string Place => "the journal there";

    /// <inheritdoc/>
    public override string? Fault => _journal.Fault ?? base.Fault;

    /// <summary>
    /// Description of data that was missing at the start and that a loss of power explains; null if there is none.
    /// </summary>
    public string? Notice => _journal.Notice;

    /// <inheritdoc/>
    public bool IsClockTrusted => Clock.IsTrusted;

    /// <inheritdoc/>
    public long JournalBytes => _journal.FileBytes;

    /// <summary>Opens the journal, or creates one.</summary>
    /// <exception cref="JournalException">
    /// The journal is in use, corrupt or of a newer format; the message describes the remedy.
    /// </exception>
    /// <exception cref="IOException">The disk reported an error.</exception>
    public static Task<JournalEngine> OpenAsync(JournalEngineOptions options, TimeProvider time) =>
        Task.Run(() => Open(
            options, time, new DiskFolder(options.DataDirectory), new JournalOptions(), static journal => journal));

    /// <summary>
    /// Checks the journal and, if it is damaged, keeps the intact part. Windows that began before the repair are then
    /// refused until they end, because counts may be lost.
    /// </summary>
    /// <exception cref="JournalException">The journal is in use, missing or of a newer format.</exception>
    public static Task<JournalRepairReport> RepairAsync(JournalEngineOptions options, TimeProvider time) =>
        Task.Run(() =>
        {
            if (!Directory.Exists(options.DataDirectory)) throw JournalRepair.Missing();
            using var held = new JournalLock(options.DataDirectory);
            return JournalRepair.Run(new DiskFolder(options.DataDirectory), ClockOf(options, time).NowMs());
        });

    /// <summary>Returns unissued reservations, writes them, and releases the journal.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await base.DisposeAsync();
        await _journal.DisposeAsync();
        _lock.Dispose();
    }

    /// <summary>
    /// Opens a journal on another disk, optionally with a layer between the journal and the counters.
    /// </summary>
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
            var clock = ClockOf(options, time);
            journalOptions = journalOptions with
            {
                Durability = options.Durability,
                Bounds = options.Bounds,
            };
            var journal = new JournalStore(disk, journalOptions, time, clock.NowMs());
            return new JournalEngine(held, journal, through(journal), options, time, clock);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static ProcessClock ClockOf(JournalEngineOptions options, TimeProvider time) =>
        new(time, time == TimeProvider.System ? SuspendClock.Find() : null, options.StoredTime);

    private static LocalEngineOptions Over(JournalEngineOptions options) => LocalEngineOptionsValidator.Check(new()
    {
        StrictWindows = options.StrictWindows,
        Bounds = options.Bounds,
        IdleMs = IdleMs,
        Nonces = new JournalNonces(),
        StoreTimeoutMs = 0,
    });

    private void RaiseFloor() => _ = _journal.RaiseFloorAsync(Clock.NowMs() - HorizonMs).AsTask();
}
