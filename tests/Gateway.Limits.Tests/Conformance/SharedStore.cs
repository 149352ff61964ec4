namespace Gateway.Limits.Tests.Conformance;

/// <summary>A store in memory that several engines share, as they would a database.</summary>
internal sealed class SharedStore : IReservationStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CounterKey, Reservation> _records = [];
    private long _floorMs = long.MinValue;

    public bool HasSoleOwner => false;

    public async ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_lock)
            return _records.TryGetValue(key, out var record) ? ReservationRead.Found(record) : ReservationRead.Absent;
    }

    public async ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_lock)
        {
            var present = _records.GetValueOrDefault(key);
            if (present.Nonce != expectedNonce) return ReservationWrite.ConflictWith(present);
            if (key.RecordEndMs(next) <= _floorMs) return ReservationWrite.Finished;
            _records[key] = next;
            return ReservationWrite.Ok;
        }
    }

    /// <summary>Raises the floor, and lets go of every record that ended at or before it.</summary>
    public void Expire(long floorMs)
    {
        lock (_lock)
        {
            _floorMs = Math.Max(_floorMs, floorMs);
            foreach (var (key, record) in _records)
                if (key.RecordEndMs(record) <= _floorMs) _records.Remove(key);
        }
    }
}
