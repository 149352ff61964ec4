namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// Marks connections to the listener of a service; their requests belong to the service regardless of the path.
/// </summary>
public sealed class ServiceConnection
{
    /// <summary>The only instance.</summary>
    public static ServiceConnection Instance { get; } = new();

    private ServiceConnection()
    {
    }
}
