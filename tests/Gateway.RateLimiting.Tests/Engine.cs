namespace Gateway.RateLimiting.Tests;

/// <summary>An engine over a store in memory, for itself or shared.</summary>
internal sealed class Engine(bool isShared, IReservationStore? store = null, ManualTime? time = null) : IAsyncDisposable
{
    /// <summary>Refuses at once, though something may come back: so it shows what is needlessly refused.</summary>
    private static readonly LocalEngineOptions Impatient = new() { StoreTimeoutMs = 0, DeferMs = 0 };

    private readonly ProcessClock _clock = new(time ??= new ManualTime("2026-03-01T12:00:10Z"));
    private LocalEngine? _engine;

    public LocalEngine Limits => _engine ??= new LocalEngine(
        new Store(store ?? new SharedStore(), !isShared), Impatient, time!, _clock);

    public ExactRateLimiter Limiter(ExactLimit limit) => new(Limits, _clock, limit, time);

    public ExactPartitionedRateLimiter<T> Partitioned<T>(Func<T, ExactLimit?> limitOf) => new(Limits, _clock, limitOf);

    public async ValueTask DisposeAsync() => await Limits.DisposeAsync();

    private sealed class Store(IReservationStore records, bool isOwn) : IReservationStore
    {
        public bool HasSoleOwner => isOwn;

        public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
            records.ReadAsync(key, cancellationToken);

        public ValueTask<ReservationWrite> WriteAsync(
            CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken) =>
            records.WriteAsync(key, expectedNonce, next, cancellationToken);
    }
}
