namespace Gateway.Orleans.Tests.Clusters;

/// <summary>
/// A reservation store in the memory of the test: linearisable and shared by every silo of it, so it outlives them. It
/// counts its writes and can be told to take its time, or to hide what became of a write.
/// </summary>
internal sealed class SharedStore : IReservationStore
{
    private readonly ConcurrentDictionary<string, Reservation> _records = new();
    private int _writes;
    private int _reads;

    public bool HasSoleOwner => false;

    public int Writes => _writes;

    public int Reads => _reads;

    /// <summary>True while it answers no read.</summary>
    public bool IsAway { get; set; }

    /// <summary>Called before a write is applied.</summary>
    public Func<Task> BeforeWrite { get; set; } = () => Task.CompletedTask;

    /// <summary>Called after a write was applied; what it returns is told to the owner.</summary>
    public Func<ReservationWrite, ReservationWrite> AfterWrite { get; set; } = outcome => outcome;

    public Reservation? Find(CounterKey key) => _records.TryGetValue(key.Text, out var record) ? record : null;

    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        if (IsAway) return ValueTask.FromResult(ReservationRead.Unavailable);
        return ValueTask.FromResult(
            _records.TryGetValue(key.Text, out var record) ? ReservationRead.Found(record) : ReservationRead.Absent);
    }

    public async ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        await BeforeWrite().WaitAsync(cancellationToken);
        Interlocked.Increment(ref _writes);
        var isApplied = expectedNonce == 0
            ? _records.TryAdd(key.Text, next)
            : _records.TryGetValue(key.Text, out var record) && record.Nonce == expectedNonce
                && _records.TryUpdate(key.Text, next, record);
        return AfterWrite(isApplied
            ? ReservationWrite.Ok
            : ReservationWrite.ConflictWith(_records.GetValueOrDefault(key.Text)));
    }
}
