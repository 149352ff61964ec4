using Gateway.Audit.Shipping;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Hosting.Extensions;

/// <summary>An extension as one process runs it.</summary>
public abstract class ExtensionSetup
{
    /// <summary>Returns the listeners with the one that the extension needs.</summary>
    public virtual ListenSettings AddListener(ListenSettings listeners) => listeners;

    /// <summary>Registers its services.</summary>
    public virtual void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Adds its middleware, which runs before routing.</summary>
    public virtual void Use(IApplicationBuilder app)
    {
    }

    /// <summary>Opens the connection to an audit sink; null if the extension does not support its kind.</summary>
    public virtual IAuditTransport? OpenSink(AuditSinkOptions sink, SinkConnect connect) => null;
}
