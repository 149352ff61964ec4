using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Providers;

/// <summary>Adds sign-in with OpenID Connect providers to a host.</summary>
public static class ProviderServices
{
    /// <summary>Registers the services for every surface.</summary>
    public static void AddProviders(this IServiceCollection services)
    {
        services.AddSingleton<SignInRecord>();
        // Entries are deleted by the process clock, which a forward jump of the system clock does not move.
        services.AddSingleton(static provider => new HistoryStore(
            provider.GetRequiredService<IControlStore>(),
            provider.GetRequiredService<HistoryOptions>(),
            new ProcessTime(provider.GetRequiredService<ProcessClock>(), provider.GetRequiredService<TimeProvider>())));
        services.AddHostedService<HistoryKeeper>();
        services.AddHostedService<RestoreRecord>();
        services.AddSingleton<ChangeWriter>();
        services.AddSingleton<IConfigRecord, ConfigFileRecord>();
        services.AddSingleton<ProviderDiscovery>();
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<IdTokenValidator>();
        services.AddSingleton<ProviderHandlers>();
        services.AddSingleton<ProviderAccounts>();
        services.AddSingleton<OperatorSubjects>();
        services.AddSingleton(static provider => new ProviderSignIn(
            provider.GetRequiredService<SnapshotUpdater>(),
            provider.GetRequiredService<ProviderDiscovery>(),
            provider.GetRequiredService<ProviderHandlers>(),
            provider.GetRequiredService<ProviderAccounts>(),
            provider.GetRequiredService<OperatorSubjects>(),
            provider.GetRequiredService<ILogger<ProviderSignIn>>()));
    }
}
