namespace Gateway.Faults.FailPoints;

/// <summary>
/// A shared store behind an owner that does not know about the others; optionally, the last writer wins.
/// </summary>
/// <param name="store">The underlying store.</param>
/// <param name="lastWriterWins">True if a write succeeds regardless of earlier writes by others.</param>
internal sealed class MistakenStore(IReservationStore store, bool lastWriterWins) : IReservationStore
{
    /// <summary>A bound is needed because the store itself always refuses to go back to an earlier window.</summary>
    private const int AttemptsMax = 5;

    public bool HasSoleOwner => true;

    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        store.ReadAsync(key, cancellationToken);

    public async ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        var write = await store.WriteAsync(key, expectedNonce, next, cancellationToken);
        for (var i = 0; i < AttemptsMax && lastWriterWins && write == WriteOutcome.Conflict; i++)
        {
            var read = await store.ReadAsync(key, cancellationToken);
            write = await store.WriteAsync(key, read.Record.Nonce, next, cancellationToken);
        }

        // An owner that does not know about others does not read their writes.
        return write == WriteOutcome.Conflict ? ReservationWrite.Conflict : write;
    }
}
