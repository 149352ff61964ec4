using Microsoft.AspNetCore.Connections;

namespace Gateway.Hosting.Draining;

/// <summary>Registers how the gateway leaves its clients.</summary>
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
            // The server asks the last one that was added first.
            services.AddSingleton<IConnectionListenerFactory>(
                static provider => provider.GetRequiredService<DrainingTransport>());
        }
    }
}
