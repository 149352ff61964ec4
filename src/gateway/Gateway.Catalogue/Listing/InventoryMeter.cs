namespace Gateway.Catalogue.Listing;

/// <summary>
/// A meter that counts the bytes of one inventory and ends it at the bound, because the client that reads it has no
/// bound.
/// </summary>
/// <param name="bytesMax">The maximum size of all responses together, in bytes.</param>
/// <param name="end">Canceled at the bound, because the client continues after a response that broke off.</param>
internal sealed class InventoryMeter(int bytesMax, CancellationTokenSource end)
{
    private long _bytes;
    private volatile bool _isOver;

    /// <summary>True if the bound was reached.</summary>
    public bool IsOver => _isOver;

    /// <summary>Returns the maximum size of one read; 0 once the bound is reached.</summary>
    public int Room(int wanted) => (int)Math.Min(wanted, Math.Max(0, bytesMax + 1 - Interlocked.Read(ref _bytes)));

    /// <exception cref="IOException">The bound was exceeded.</exception>
    public void Count(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= bytesMax)
            return;
        _isOver = true;
        end.Cancel();
        throw new IOException($"More than {bytesMax} bytes.");
    }
}
