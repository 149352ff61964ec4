using Gateway.Control.Options;
using Gateway.Control.Storage;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// The exact engine in one process, over a local journal: nothing to install. What it has admitted survives
/// <c>kill -9</c>, and with <see cref="Durability.Machine"/> the end of the machine.
/// </summary>
public sealed class JournalEngine : LocalEngine, IStorageBackend
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

    /// <summary>What was found missing at the start that a loss of power explains; null if nothing.</summary>
    public string? Notice => _journal.Notice;

    /// <inheritdoc/>
    public bool IsClockTrusted => Clock.IsTrusted;

    /// <inheritdoc/>
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
            return JournalRepair.Run(new DiskFolder(options.DataDirectory), ClockOf(options, time).NowMs());
        });

    /// <summary>Hands back what was reserved and not given out, writes it, and lets go of the journal.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await base.DisposeAsync();
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
