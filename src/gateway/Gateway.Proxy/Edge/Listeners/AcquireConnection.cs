namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The marker of connections to the listener for services that charge budgets; they reach only that endpoint.
/// </summary>
public sealed class AcquireConnection
{
    private AcquireConnection()
    {
    }

    /// <summary>The only instance.</summary>
    public static AcquireConnection Instance { get; } = new();
}
