using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Hosting.Extensions;

/// <summary>An extension as one process runs it.</summary>
public abstract class ExtensionSetup
{
    /// <summary>Returns the listeners with the one that the extension needs.</summary>
    public abstract ListenSettings AddListener(ListenSettings listeners);

    /// <summary>Registers its services.</summary>
    public abstract void AddServices(IServiceCollection services);

    /// <summary>Adds its middleware, which runs before routing.</summary>
    public abstract void Use(IApplicationBuilder app);
}
