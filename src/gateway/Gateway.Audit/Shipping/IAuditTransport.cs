namespace Gateway.Audit.Shipping;

/// <summary>Delivers batches to one sink, one batch at a time.</summary>
public interface IAuditTransport : IAsyncDisposable
{
    /// <summary>Delivers a batch.</summary>
    /// <param name="records">
    /// One or more records in order. The same batch is sent again until it is accepted, and perhaps once more after a
    /// crash.
    /// </param>
    /// <param name="cancellationToken">Cancels the attempt; each attempt also has its own timeout.</param>
    ValueTask<ShipResult> SendAsync(IReadOnlyList<ShippedRecord> records, CancellationToken cancellationToken);
}
