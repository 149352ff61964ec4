namespace Gateway.Catalogue.Listing;

/// <summary>
/// Counts what one inventory reads, and ends it at the bound: the client that reads would take anything.
/// </summary>
/// <param name="bytesMax">Bytes of all answers together.</param>
/// <param name="end">Ended at the bound, since the client goes on after an answer that broke off.</param>
internal sealed class InventoryMeter(int bytesMax, CancellationTokenSource end)
{
    private long _bytes;
    private volatile bool _isOver;

    /// <summary>Whether the bound was reached.</summary>
    public bool IsOver => _isOver;

    /// <summary>The most that may be asked for in one read; 0 once the bound is reached.</summary>
    public int Room(int wanted) => (int)Math.Min(wanted, Math.Max(0, bytesMax + 1 - Interlocked.Read(ref _bytes)));

    /// <exception cref="IOException">The bound was passed.</exception>
    public void Count(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= bytesMax)
            return;
        _isOver = true;
        end.Cancel();
        throw new IOException($"More than {bytesMax} bytes.");
    }
}
