using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Registry;

/// <summary>Adds the registry for clients to a host.</summary>
public static class RegistryServices
{
    /// <summary>Registers what lists the servers.</summary>
    public static void AddRegistry(this IServiceCollection services)
    {
        services.AddSingleton<RegistryEntries>();
        services.AddSingleton<RegistryEndpoint>();
    }

    /// <summary>Answers what comes in at its address, and nothing else there.</summary>
    public static void UseRegistry(this WebApplication app) =>
        app.Use(app.Services.GetRequiredService<RegistryEndpoint>().AnswerAsync);
}
