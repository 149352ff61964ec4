using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Testing;

/// <summary>Counters that nobody has used yet, in memory, for one sequence of calls.</summary>
internal sealed class FreshStore : IReservationStore
{
    private readonly Dictionary<CounterKey, Reservation> _records = [];

    // Each reserves exactly what a call takes, as frontends do that share a database.
    public bool HasSoleOwner => false;

    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        new(_records.TryGetValue(key, out var record) ? ReservationRead.Found(record) : ReservationRead.Absent);

    public ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        var met = _records.GetValueOrDefault(key);
        if (met.Nonce != expectedNonce)
            return new(ReservationWrite.ConflictWith(met));
        _records[key] = next;
        return new(ReservationWrite.Ok);
    }
}
