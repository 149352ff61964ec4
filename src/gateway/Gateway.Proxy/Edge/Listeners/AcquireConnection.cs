namespace Gateway.Proxy.Edge.Listeners;

/// <summary>Marks connections to the address of services that charge budgets: they get that and nothing else.</summary>
public sealed class AcquireConnection
{
    private AcquireConnection()
    {
    }

    /// <summary>The one mark.</summary>
    public static AcquireConnection Instance { get; } = new();
}
