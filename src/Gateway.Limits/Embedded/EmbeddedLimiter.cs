using Gateway.Limits.Counting;
using Gateway.Limits.Owning;
using Gateway.Limits.Taking;

namespace Gateway.Limits.Embedded;

/// <summary>
/// The exact engine in one process, over a local journal: nothing to install. What it has admitted survives
/// <c>kill -9</c>, and with <see cref="Durability.Machine"/> the end of the machine.
/// </summary>
public sealed class EmbeddedLimiter : ILimiter, IAsyncDisposable
{
    private const int LetGoEveryMs = 5000;

    /// <summary>A finished window stays known for so long, for clocks that are far behind.</summary>
    private const int HorizonMs = 600_000;

    private readonly JournalLock _lock;
    private readonly JournalStore _journal;
    private readonly CounterTable _counters;
    private readonly LimitTaker _taker;
    private readonly ITimer _timer;

    private EmbeddedLimiter(
        JournalLock heldLock,
        JournalStore journal,
        EmbeddedLimiterOptions options,
        TimeProvider time,
        ProcessClock clock)
    {
        _lock = heldLock;
        _journal = journal;
        Clock = clock;
        var marginMs = options.StrictWindows ? ClockBounds.EpsilonMs : 0;
        var rules = new CounterRules { HasSoleOwner = true, MarginMs = marginMs };
        _counters = new CounterTable(journal, rules, new CounterTableOptions(), time, clock.NowMs);
        _taker = new LimitTaker(_counters, new TakingOptions { MarginMs = marginMs }, time, clock.NowMs);
        var every = TimeSpan.FromMilliseconds(LetGoEveryMs);
        _timer = time.CreateTimer(static self => ((EmbeddedLimiter)self!).LetGo(), this, every, every);
    }

    /// <summary>The clock to read once for each decision.</summary>
    public ProcessClock Clock { get; }

    /// <summary>False while calls are denied because of the engine itself; <see cref="Fault"/> says why.</summary>
    public bool IsHealthy => Fault is null;

    /// <summary>Why the engine denies; null while all is well.</summary>
    public string? Fault => _journal.Fault ?? (Clock.IsTrusted ? null : "the clock of this node jumped forward");

    /// <summary>Opens the journal, or makes one.</summary>
    /// <exception cref="JournalException">It is in use, corrupt or of a newer format; the message says what to
    /// do.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public static Task<EmbeddedLimiter> OpenAsync(EmbeddedLimiterOptions options, TimeProvider time) =>
        Task.Run(() => Open(options, time));

    /// <inheritdoc/>
    public ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken) =>
        Clock.IsTrusted
            ? _taker.AcquireAsync(request, cancellationToken)
            : new(LimitDecision.Refuse(RefusalWords.Unavailable("the clock of this node jumped forward")));

    /// <inheritdoc/>
    public ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken) =>
        _taker.PeekAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken) =>
        _taker.ReleaseAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken) =>
        _taker.RefundAsync(permit, cancellationToken);

    /// <summary>Hands back what was reserved and not given out, writes it, and lets go of the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _counters.HandBackAllAsync(Clock.NowMs());
        await _journal.DisposeAsync();
        _lock.Dispose();
    }

    private static EmbeddedLimiter Open(EmbeddedLimiterOptions options, TimeProvider time)
    {
        Directory.CreateDirectory(options.DataDirectory);
        var held = new JournalLock(options.DataDirectory);
        try
        {
            var clock = new ProcessClock(time);
            var journalOptions = new JournalOptions { Durability = options.Durability };
            var journal = new JournalStore(new DiskFolder(options.DataDirectory), journalOptions, time, clock.NowMs());
            return new EmbeddedLimiter(held, journal, options, time, clock);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private void LetGo()
    {
        var nowMs = Clock.NowMs();
        _counters.LetGo(nowMs);
        _ = _journal.RaiseFloorAsync(nowMs - HorizonMs).AsTask();
    }
}
