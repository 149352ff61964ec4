using Gateway.Limits;
using Gateway.Proxy.Health;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Postgres;

/// <summary>Puts a fleet's store under a host.</summary>
public static class PostgresFleetServices
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// Registers the limiter, its health and clock, and the control store. The fleet stays its opener's to close,
        /// after the host has stopped.
        /// </summary>
        public IServiceCollection AddPostgresFleet(PostgresFleet fleet)
        {
            ArgumentNullException.ThrowIfNull(fleet);
            services.AddSingleton(fleet.Clock);
            services.AddSingleton<ILimiter>(fleet.Limiter);
            services.AddSingleton<IEngineHealth>(fleet);
            services.AddSingleton(fleet.Controls);
            return services;
        }
    }
}
