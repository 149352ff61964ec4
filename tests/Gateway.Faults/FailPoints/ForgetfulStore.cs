namespace Gateway.Faults.FailPoints;

/// <summary>A store that accepts every write, and keeps it in memory only.</summary>
internal sealed class ForgetfulStore : IReservationStore
{
    private readonly Dictionary<CounterKey, Reservation> _records = [];

    public bool HasSoleOwner => true;

    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken)
    {
        lock (_records)
        {
            return new(_records.TryGetValue(key, out var record)
                ? ReservationRead.Found(record)
                : ReservationRead.Absent);
        }
    }

    public ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        lock (_records) _records[key] = next;
        return new(ReservationWrite.Ok);
    }
}
