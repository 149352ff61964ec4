using Gateway.Audit.Searching;
using Gateway.Audit.Writing;
using Gateway.Control.Usage.Asking;
using Gateway.Control.Usage.Counting;
using Gateway.Control.Usage.Keeping;
using Gateway.Limits.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Control.Usage;

/// <summary>Adds the figures of calls over time to a host.</summary>
public static class UsageServices
{
    /// <summary>Registers the services that count, store and report usage.</summary>
    public static void AddUsage(this IServiceCollection services)
    {
        services.AddSingleton<UsageCounts>();
        services.AddSingleton<UsageStore>();
        services.AddSingleton<UsageKeeper>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<UsageKeeper>());
        services.AddSingleton(static provider => new UsageReader(
            provider.GetRequiredService<UsageStore>(), provider.GetRequiredService<UsageKeeper>(),
            provider.GetRequiredService<ProcessClock>(), provider.GetRequiredService<UsageOptions>(),
            new RecordSearcher(
                provider.GetRequiredService<AuditLogOptions>().Directory,
                provider.GetRequiredService<TimeProvider>())));
    }
}
