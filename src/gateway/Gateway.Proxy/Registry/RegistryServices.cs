using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Registry;

/// <summary>The registration of the client registry with a host.</summary>
public static class RegistryServices
{
    /// <summary>Registers the services that list the servers.</summary>
    public static void AddRegistry(this IServiceCollection services)
    {
        services.AddSingleton<RegistryEntries>();
        services.AddSingleton<RegistryEndpoint>();
    }

    /// <summary>Adds the registry's endpoint, which handles only requests at its own address.</summary>
    public static void UseRegistry(this WebApplication app) =>
        app.Use(app.Services.GetRequiredService<RegistryEndpoint>().AnswerAsync);
}
