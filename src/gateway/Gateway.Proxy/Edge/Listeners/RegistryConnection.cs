namespace Gateway.Proxy.Edge.Listeners;

/// <summary>Marks connections to the registry's address: they get the registry and nothing else.</summary>
public sealed class RegistryConnection
{
    private RegistryConnection()
    {
    }

    /// <summary>The one mark.</summary>
    public static RegistryConnection Instance { get; } = new();
}
