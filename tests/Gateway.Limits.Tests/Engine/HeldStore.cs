namespace Gateway.Limits.Tests.Engine;

/// <summary>A store whose writes wait, and whose reads fail, while the test says so.</summary>
internal sealed class HeldStore(IReservationStore store) : IReservationStore
{
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool HasSoleOwner => store.HasSoleOwner;

    public bool IsAway { get; set; }

    public void Open() => _gate.TrySetResult();

    public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        IsAway ? new(ReservationRead.Unavailable) : store.ReadAsync(key, cancellationToken);

    public async ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        await _gate.Task;
        return await store.WriteAsync(key, expectedNonce, next, cancellationToken);
    }
}
