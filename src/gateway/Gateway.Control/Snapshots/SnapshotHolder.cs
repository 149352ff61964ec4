namespace Gateway.Control.Snapshots;

/// <summary>Owns the snapshot in force; replaced whole, never changed in place.</summary>
public sealed class SnapshotHolder
{
    private volatile GatewaySnapshot _current = GatewaySnapshot.Empty;

    /// <summary>The snapshot in force; read it once per decision.</summary>
    public GatewaySnapshot Current => _current;

    /// <summary>Raised after each <see cref="Replace"/>, before it returns.</summary>
    public event Action? Replaced;

    /// <summary>Puts <paramref name="snapshot"/> in force for every decision from now on.</summary>
    public void Replace(GatewaySnapshot snapshot)
    {
        _current = snapshot;
        Replaced?.Invoke();
    }
}
