namespace Gateway.Limits.Tests.Simulation;

/// <summary>A linearisable store with a floor; or one with a rule taken out.</summary>
internal sealed class SimulatedStore(WorldOptions options)
{
    private readonly Dictionary<CounterKey, Reservation> _records = [];
    private readonly List<(CounterKey Key, Reservation Record)> _changes = [];
    private long _floorMs = long.MinValue;

    public IReadOnlyDictionary<CounterKey, Reservation> Records => _records;

    /// <summary>Every record that ever was, in order; an empty one for a deletion.</summary>
    public IReadOnlyList<(CounterKey Key, Reservation Record)> Changes => _changes;

    public ReservationRead Read(CounterKey key) =>
        _records.TryGetValue(key, out var record) ? ReservationRead.Found(record) : ReservationRead.Absent;

    public ReservationWrite Write(CounterKey key, UInt128 expectedNonce, Reservation next)
    {
        var present = _records.GetValueOrDefault(key);
        if (options.StoreCompares && present.Nonce != expectedNonce)
            return options.StoreShowsConflicts ? ReservationWrite.ConflictWith(present) : ReservationWrite.Conflict;
        if (options.StoreHasFloor && expectedNonce == 0 && key.RecordEndMs(next.WindowStartMs) <= _floorMs)
            return ReservationWrite.Finished;
        _records[key] = next;
        _changes.Add((key, next));
        return ReservationWrite.Ok;
    }

    /// <summary>The sweeper deletes what is over, by its clock.</summary>
    public void Sweep(CounterKey key, long clockMs)
    {
        if (!_records.TryGetValue(key, out var record)) return;
        var endMs = key.RecordEndMs(record.WindowStartMs);
        if (options.SweeperWaits && clockMs < endMs + (2 * ClockBounds.EpsilonMs)) return;
        _floorMs = Math.Max(_floorMs, endMs);
        _records.Remove(key);
        _changes.Add((key, default));
    }
}
