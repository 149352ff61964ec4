using Gateway.Control.Documents;
using Gateway.Control.Fleet;
using Gateway.Control.Options;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Hosting.Options;
using Gateway.Limits.Model;
using Gateway.Storage.Local.Files;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Hosting.Composition;

internal static class ControlServices
{
    /// <summary>Registers the control plane over the host's store, or else over files in the data directory.</summary>
    public static void AddControlPlane(this IServiceCollection services, GatewayOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IControlStore>(static provider => FileControlStore.Open(
            Path.Combine(provider.GetRequiredService<ProcessOptions>().DataDirectory, "control"),
            provider.GetRequiredService<TimeProvider>()));
        if (options.StoreKey is { } key)
            StoreAuthenticity.Authenticate(services, key);
        services.AddSingleton<SecretProtector>();
        services.AddSingleton<IDataProtectionProvider>(static provider =>
            provider.GetRequiredService<SecretProtector>());
        services.AddSingleton<StoreStaleness>();
        services.AddSingleton(static provider => new SnapshotUpdater(
            provider.GetRequiredService<IControlStore>(),
            provider.GetRequiredService<SecretProtector>(),
            provider.GetRequiredService<SnapshotHolder>(),
            provider.GetRequiredService<StoreStaleness>(),
            provider.GetRequiredService<ProcessClock>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SnapshotUpdater>>()));
        services.AddSingleton(static provider => new ConfigFileWatcher(
            provider.GetRequiredService<ConfigFileOptions>(),
            provider.GetRequiredService<SnapshotUpdater>(),
            provider.GetRequiredService<ProcessClock>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConfigFileWatcher>>(),
            // Lazy, so that a start with an invalid file opens no audit log.
            new Lazy<IConfigRecord>(provider.GetRequiredService<IConfigRecord>)));
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<SnapshotUpdater>());
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ConfigFileWatcher>());
        services.AddHostedService<CheckpointExchange>();
        services.AddSingleton<RecordedSubjects>();
        services.AddHostedService(static provider => provider.GetRequiredService<RecordedSubjects>());
        services.AddSingleton<FleetStanding>();
        services.AddHostedService<FleetConfig>();
        services.AddSingleton<LastUses>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<LastUses>());
    }
}
