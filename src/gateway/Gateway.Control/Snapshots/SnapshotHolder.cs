namespace Gateway.Control.Snapshots;

/// <summary>The owner of the current snapshot, which is replaced whole, never changed in place.</summary>
public sealed class SnapshotHolder
{
    private volatile GatewaySnapshot _current = GatewaySnapshot.Empty;

    /// <summary>The current snapshot; read it once per decision.</summary>
    public GatewaySnapshot Current => _current;

    /// <summary>Raised after each <see cref="Replace"/>, before it returns.</summary>
    public event Action? Replaced;

    /// <summary>Applies <paramref name="snapshot"/> to every decision from now on.</summary>
    public void Replace(GatewaySnapshot snapshot)
    {
        _current = snapshot;
        Replaced?.Invoke();
    }
}
