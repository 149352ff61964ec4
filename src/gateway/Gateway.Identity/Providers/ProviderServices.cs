using Gateway.Control.Updating;
using Gateway.Identity.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Identity.Providers;

/// <summary>Adds signing in with OpenID Connect providers to a host.</summary>
public static class ProviderServices
{
    /// <summary>Registers it for every door.</summary>
    public static void AddProviders(this IServiceCollection services)
    {
        services.AddSingleton<SignInRecord>();
        services.AddSingleton<ChangeWriter>();
        services.AddSingleton<IConfigRecord, ConfigFileRecord>();
        services.AddSingleton<ProviderDiscovery>();
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<IdTokenValidator>();
        services.AddSingleton<ProviderHandlers>();
        services.AddSingleton<ProviderAccounts>();
        services.AddSingleton(static provider => new ProviderSignIn(
            provider.GetRequiredService<SnapshotUpdater>(),
            provider.GetRequiredService<ProviderDiscovery>(),
            provider.GetRequiredService<ProviderHandlers>(),
            provider.GetRequiredService<ProviderAccounts>(),
            provider.GetRequiredService<ILogger<ProviderSignIn>>()));
    }
}
