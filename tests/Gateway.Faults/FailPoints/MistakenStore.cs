namespace Gateway.Faults.FailPoints;

/// <summary>
/// A store that others share, behind an owner that does not know of them; and, if told so, one where the last writer
/// wins.
/// </summary>
/// <param name="store">The store beneath.</param>
/// <param name="lastWriterWins">Whether a write counts whatever was written since.</param>
internal sealed class MistakenStore(IReservationStore store, bool lastWriterWins) : IReservationStore
{
    /// <summary>The store itself refuses to go back to a window before, again and again.</summary>
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

        // An owner that does not know of others does not look at what they wrote.
        return write == WriteOutcome.Conflict ? ReservationWrite.Conflict : write;
    }
}
