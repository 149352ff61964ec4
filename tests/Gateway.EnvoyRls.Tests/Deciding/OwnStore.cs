namespace Gateway.EnvoyRls.Tests.Deciding;

/// <summary>
/// A store in memory that one engine has for itself, as it has its journal: what comes back is at hand.
/// </summary>
internal sealed class OwnStore : IReservationStore
{
    private readonly SharedStore _records = new();

    public bool HasSoleOwner => true;

    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        _records.ReadAsync(key, cancellationToken);

    public ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken) =>
        _records.WriteAsync(key, expectedNonce, next, cancellationToken);
}
