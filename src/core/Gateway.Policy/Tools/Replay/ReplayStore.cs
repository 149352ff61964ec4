using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>
/// An in-memory store of reservations for recorded or generated calls. Records that no longer count are removed.
/// </summary>
internal sealed class ReplayStore(TimeProvider time) : IReservationStore
{
    private const int SweepEvery = 65_536;

    private readonly Dictionary<CounterKey, Reservation> _records = [];
    private int _sinceSweep;

    // Each owner reserves exactly what a call takes, as frontends that share a database do.
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
        if (++_sinceSweep >= Math.Max(SweepEvery, _records.Count))
            Sweep();
        return new(ReservationWrite.Ok);
    }

    private void Sweep()
    {
        _sinceSweep = 0;
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (key, record) in _records)
        {
            if (key.RecordEndMs(record) + (2 * ClockBounds.EpsilonMs) <= nowMs)
                _records.Remove(key);
        }
    }
}
