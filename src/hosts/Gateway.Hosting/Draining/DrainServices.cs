using Microsoft.AspNetCore.Connections;

namespace Gateway.Hosting.Draining;

/// <summary>Registers the drain of a gateway.</summary>
internal static class DrainServices
{
    extension(IServiceCollection services)
    {
        public void AddDrain()
        {
            services.AddDrainingTransport();
            services.AddSingleton<Drain>();
            services.AddHostedService(static provider => provider.GetRequiredService<Drain>());
        }

        public void AddDrainingTransport()
        {
            services.AddSingleton<OpenConnections>();
            services.AddSingleton<DrainingTransport>();
            // The server queries the factories from the last one added to the first.
            services.AddSingleton<IConnectionListenerFactory>(
                static provider => provider.GetRequiredService<DrainingTransport>());
        }
    }
}
