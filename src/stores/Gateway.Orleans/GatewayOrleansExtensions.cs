using System.Collections.Frozen;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Limits.Model;
using Gateway.Orleans.Batching;
using Gateway.Orleans.Client;
using Gateway.Orleans.Documents;
using Gateway.Orleans.Documents.Records;
using Gateway.Orleans.Grains;
using Gateway.Orleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace Gateway.Orleans;

/// <summary>Adds counters to a silo, and the limiter that uses them to a frontend.</summary>
public static class GatewayOrleansExtensions
{
    /// <summary>
    /// Idle time after which a counter leaves memory. Its state is durable, so the next call costs one read. Calls
    /// through a batch grain do not keep it active; a client calls a used counter directly each minute, which must be
    /// less than this.
    /// </summary>
    private static readonly TimeSpan CounterAge = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Lets a silo own counters, and binds <see cref="ILimiter"/> to the counters of the cluster. An
    /// <see cref="IReservationStore"/> must be registered as well, the same for every silo.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="counters">Bounds of the counters that it owns; null for the defaults.</param>
    /// <param name="limiter">Bounds of the limiter; null for the defaults.</param>
    public static ISiloBuilder AddGatewayLimits(
        this ISiloBuilder silo, CounterGrainOptions? counters = null, ClusterEngineOptions? limiter = null)
    {
        counters ??= new CounterGrainOptions();
        new CounterGrainOptionsValidator().Validate(null, counters).OrThrow();
        silo.Services.AddSingleton(counters);
        silo.Services.AddGatewayLimiter(limiter);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.TryAddSingleton(provider => new StoreMetrics(provider.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton<ActivationDirectory>();
        silo.Services.AddSingleton(static provider =>
            new SiloCounters(provider.GetRequiredService<ActivationDirectory>()));
        silo.Services.AddPlacementDirector<BatchPlacement, BatchPlacementDirector>();
        silo.Configure<GrainCollectionOptions>(collection =>
            collection.ClassSpecificCollectionAge[typeof(CounterGrain).FullName!] = CounterAge);
        return silo;
    }

    /// <summary>Binds <see cref="ILimiter"/> to the counters of the cluster that this client connects to.</summary>
    /// <param name="client">The client, such as a frontend.</param>
    /// <param name="limiter">Bounds of the limiter; null for the defaults.</param>
    public static IClientBuilder AddGatewayLimits(this IClientBuilder client, ClusterEngineOptions? limiter = null)
    {
        client.Services.AddGatewayLimiter(limiter);
        return client;
    }

    /// <summary>Restricts clients of the cluster to the grains that are made for frontends.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="open">
    /// Further methods that clients may call, as <c>Interface.Method</c> with the full name of the interface.
    /// </param>
    public static ISiloBuilder AddClientBoundary(this ISiloBuilder silo, params IEnumerable<string> open) =>
        silo.AddIncomingGrainCallFilter(new ClientBoundary(open.ToFrozenSet(StringComparer.Ordinal)));

    /// <summary>Stores reservations in the grain storage of this name, which must support entity tags.</summary>
    /// <exception cref="OrleansConfigurationException">The storage cannot keep a counter exact.</exception>
    public static ISiloBuilder AddGrainStorageReservations(this ISiloBuilder silo, string storageName)
    {
        silo.Services.AddSingleton(services =>
        {
            var storage = services.GetRequiredKeyedService<IGrainStorage>(storageName);
            StorageCheck.Check(storageName, storage, "reservations");
            return new GrainStorageReservations(
                storage,
                services.GetService<TimeProvider>() ?? TimeProvider.System,
                services.GetRequiredService<ILogger<GrainStorageReservations>>());
        });
        silo.Services.AddSingleton<IReservationStore>(Kept);
        silo.Services.AddSingleton<IRecordExpiry>(Kept);
        return silo;

        static GrainStorageReservations Kept(IServiceProvider services) =>
            services.GetRequiredService<GrainStorageReservations>();
    }

    /// <summary>
    /// Stores the control documents in the grain storage of this name, which must support entity tags.
    /// </summary>
    /// <exception cref="OrleansConfigurationException">The storage cannot keep them.</exception>
    public static ISiloBuilder AddGrainStorageControl(
        this ISiloBuilder silo, string storageName, ControlGrainOptions? options = null)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        options ??= new ControlGrainOptions();
        new ControlGrainOptionsValidator().Validate(null, options).OrThrow();
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton(services =>
        {
            var storage = services.GetRequiredKeyedService<IGrainStorage>(storageName);
            StorageCheck.Check(storageName, storage, "control documents");
            return new ControlRecords(
                storage,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<ControlRecords>>());
        });
        silo.Services.AddSingleton(services => new ArchiveRecords(
            services.GetRequiredKeyedService<IGrainStorage>(storageName),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<ArchiveRecords>>()));
        return silo;
    }

    /// <summary>Binds <see cref="IControlStore"/> to the control grain of this process's cluster.</summary>
    public static IServiceCollection AddGrainControlStore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IControlStore, GrainControlStore>();
        return services;
    }

    /// <summary>
    /// Binds <see cref="ILimiter"/> to the counters of the cluster whose <see cref="IGrainFactory"/> is registered.
    /// </summary>
    public static IServiceCollection AddGatewayLimiter(
        this IServiceCollection services, ClusterEngineOptions? options = null)
    {
        options ??= new ClusterEngineOptions();
        new ClusterEngineOptionsValidator().Validate(null, options).OrThrow();
        services.AddSingleton(options);
        services.TryAddSingleton(provider =>
            new ProcessClock(provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton(provider => new ClusterEngine(
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<ProcessClock>(),
            provider.GetRequiredService<ClusterEngineOptions>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<ClusterEngine>>()));
        services.AddSingleton<ILimiter>(provider => provider.GetRequiredService<ClusterEngine>());
        return services;
    }
}
