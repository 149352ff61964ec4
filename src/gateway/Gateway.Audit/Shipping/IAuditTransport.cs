namespace Gateway.Audit.Shipping;

/// <summary>Brings batches to one sink. It is asked for one batch at a time.</summary>
public interface IAuditTransport : IAsyncDisposable
{
    /// <summary>Brings a batch there.</summary>
    /// <param name="records">
    /// One or more, in their order. The same batch comes again until it is taken, and after a crash perhaps once more.
    /// </param>
    /// <param name="cancellationToken">Ends the try; a try has a time limit of its own.</param>
    ValueTask<ShipResult> SendAsync(IReadOnlyList<ShippedRecord> records, CancellationToken cancellationToken);
}
