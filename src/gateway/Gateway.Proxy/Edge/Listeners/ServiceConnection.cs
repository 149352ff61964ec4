namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// A feature of every connection to the listener of a service: what comes in there is the service's alone, whatever
/// its path.
/// </summary>
public sealed class ServiceConnection
{
    /// <summary>It is the same for all.</summary>
    public static ServiceConnection Instance { get; } = new();

    private ServiceConnection()
    {
    }
}
