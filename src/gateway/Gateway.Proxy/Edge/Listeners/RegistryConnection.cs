namespace Gateway.Proxy.Edge.Listeners;

/// <summary>The marker of connections to the registry's listener; they reach only the registry.</summary>
public sealed class RegistryConnection
{
    private RegistryConnection()
    {
    }

    /// <summary>The only instance.</summary>
    public static RegistryConnection Instance { get; } = new();
}
