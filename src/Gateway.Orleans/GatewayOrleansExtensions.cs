using Gateway.Limits;
using Gateway.Orleans.Control;
using Gateway.Orleans.Control.Records;
using Gateway.Orleans.Counters;
using Gateway.Orleans.Desks;
using Gateway.Orleans.Storage;
using Gateway.Proxy.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace Gateway.Orleans;

/// <summary>Puts counters into a silo, and the limiter that asks them into a frontend.</summary>
public static class GatewayOrleansExtensions
{
    /// <summary>
    /// A counter that nobody asks for so long leaves memory; its state is durable, and the next call costs a read. One
    /// that is in use is asked itself every minute.
    /// </summary>
    private static readonly TimeSpan CounterAge = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Lets a silo own counters. An <see cref="IReservationStore"/> must be registered too, the same for every silo.
    /// </summary>
    public static ISiloBuilder AddCounters(this ISiloBuilder silo, CounterGrainOptions? options = null)
    {
        silo.Services.AddSingleton(options ?? new CounterGrainOptions());
        AddClock(silo.Services);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.TryAddSingleton(provider => new StoreTally(provider.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton<SiloOwners>();
        silo.Services.AddSingleton(static provider => new SiloCounters(provider.GetRequiredService<SiloOwners>()));
        silo.Services.AddPlacementDirector<DeskPlacement, DeskDirector>();
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
            StorageFitness.Check(storageName, storage, "reservations");
            return new GrainStorageReservations(
                storage,
                services.GetService<TimeProvider>() ?? TimeProvider.System,
                services.GetRequiredService<ILogger<GrainStorageReservations>>());
        });
        return silo;
    }

    /// <summary>
    /// Keeps the control documents in the grain storage of this name, which must compare entity tags.
    /// </summary>
    /// <exception cref="OrleansConfigurationException">The storage cannot keep them.</exception>
    public static ISiloBuilder AddGrainStorageControl(
        this ISiloBuilder silo, string storageName, ControlGrainOptions? options = null)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(options ?? new ControlGrainOptions());
        silo.Services.AddSingleton(services =>
        {
            var storage = services.GetRequiredKeyedService<IGrainStorage>(storageName);
            StorageFitness.Check(storageName, storage, "control documents");
            return new ControlRecords(
                storage,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<ControlRecords>>());
        });
        return silo;
    }

    /// <summary>
    /// Binds <see cref="IControlStore"/> to the control grain of the cluster that this process is a client or silo of.
    /// </summary>
    public static IServiceCollection AddGrainControlStore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IControlStore, GrainControlStore>();
        return services;
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
