namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The marker of connections to the listener of a service; their requests belong to the service regardless of the path.
/// </summary>
public sealed class ServiceConnection
{
    /// <summary>The only instance.</summary>
    public static ServiceConnection Instance { get; } = new();

    private ServiceConnection()
    {
    }
}
