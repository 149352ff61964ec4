using Gateway.Limits;
using Gateway.Proxy.Configuration;
using Gateway.Proxy.Control.Files;
using Gateway.Proxy.Control.Secrets;
using Gateway.Proxy.Snapshots;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Control;

internal static class ControlServices
{
    /// <summary>Registers the control plane over the host's store, or else over files in the data directory.</summary>
    public static void AddControlPlane(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IControlStore>(static provider => FileControlStore.Open(
            Path.Combine(provider.GetRequiredService<GatewayOptions>().DataDirectory, "control"),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SecretBox>();
        services.AddSingleton<IDataProtectionProvider>(static provider => provider.GetRequiredService<SecretBox>());
        services.AddSingleton<ControlFreshness>();
        services.AddSingleton(static provider => new ControlPlane(
            provider.GetRequiredService<IControlStore>(),
            provider.GetRequiredService<SecretBox>(),
            provider.GetRequiredService<SnapshotHolder>(),
            provider.GetRequiredService<ControlFreshness>(),
            provider.GetRequiredService<ProcessClock>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ControlPlane>>()));
        services.AddSingleton(static provider => new ConfigWatch(
            provider.GetRequiredService<GatewayOptions>(),
            provider.GetRequiredService<ControlPlane>(),
            provider.GetRequiredService<ProcessClock>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConfigWatch>>()));
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ControlPlane>());
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ConfigWatch>());
        services.AddSingleton<LastUses>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<LastUses>());
    }
}
