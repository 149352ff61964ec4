using Gateway.Limits;
using Gateway.Orleans.Counters;
using Gateway.Orleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace Gateway.Orleans;

/// <summary>Puts counters into a silo, and the limiter that asks them into a frontend.</summary>
public static class GatewayOrleansExtensions
{
    private static readonly TimeSpan CounterAge = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Lets a silo own counters. An <see cref="IReservationStore"/> must be registered too, the same for every silo.
    /// </summary>
    public static ISiloBuilder AddCounters(this ISiloBuilder silo, CounterGrainOptions? options = null)
    {
        silo.Services.AddSingleton(options ?? new CounterGrainOptions());
        AddClock(silo.Services);
        silo.Configure<GrainCollectionOptions>(collection =>
            collection.ClassSpecificCollectionAge[typeof(CounterGrain).FullName!] = CounterAge);
        return silo;
    }

    /// <summary>Keeps reservations in the grain storage of this name, which must compare entity tags.</summary>
    /// <exception cref="OrleansConfigurationException">The storage cannot keep a counter exact.</exception>
    public static ISiloBuilder AddGrainStorageReservations(this ISiloBuilder silo, string storageName)
    {
        silo.Services.AddSingleton<IReservationStore>(services =>
        {
            var storage = services.GetRequiredKeyedService<IGrainStorage>(storageName);
            StorageFitness.Check(storageName, storage);
            return new GrainStorageReservations(
                storage,
                services.GetService<TimeProvider>() ?? TimeProvider.System,
                services.GetRequiredService<ILogger<GrainStorageReservations>>());
        });
        return silo;
    }

    /// <summary>
    /// Binds <see cref="ILimiter"/> to the counters of the cluster that this process is a client or silo of.
    /// </summary>
    public static IServiceCollection AddGrainLimiter(
        this IServiceCollection services, GrainLimiterOptions? options = null)
    {
        AddClock(services);
        services.AddSingleton(options ?? new GrainLimiterOptions());
        services.AddSingleton(provider => new GrainLimiter(
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<ProcessClock>(),
            provider.GetRequiredService<GrainLimiterOptions>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<GrainLimiter>>()));
        services.AddSingleton<ILimiter>(provider => provider.GetRequiredService<GrainLimiter>());
        return services;
    }

    private static void AddClock(IServiceCollection services) =>
        services.TryAddSingleton(provider =>
            new ProcessClock(provider.GetService<TimeProvider>() ?? TimeProvider.System));
}
