namespace Gateway.RateLimiting.Tests;

/// <summary>A store that keeps its callers waiting until it is told to go on, and counts what it writes.</summary>
internal sealed class StoppedStore : IReservationStore
{
    private readonly SharedStore _records = new();
    private readonly TaskCompletionSource _start = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    public bool HasSoleOwner => false;

    public int Writes => Volatile.Read(ref _writes);

    public void Start() => _start.SetResult();

    public async ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken)
    {
        await _start.Task;
        return await _records.ReadAsync(key, cancellationToken);
    }

    public async ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        await _start.Task;
        Interlocked.Increment(ref _writes);
        return await _records.WriteAsync(key, expectedNonce, next, cancellationToken);
    }
}
