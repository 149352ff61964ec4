using System.Globalization;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Authenticity;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Limits.Model;

namespace Gateway.Hosting.Composition;

/// <summary>Puts <see cref="AuthenticatedControlStore"/> in front of the host's control store.</summary>
internal static class StoreAuthenticity
{
    private const string Inner = "unauthenticated";

    /// <summary>Wraps the store; call it after a store was registered.</summary>
    public static void Authenticate(IServiceCollection services, StoreKeyOptions options)
    {
        var store = services.Last(static one => one.ServiceType == typeof(IControlStore));
        services.Remove(store);
        services.Add(Keyed(store));
        services.AddSingleton<IControlStore>(provider => new AuthenticatedControlStore(
            provider.GetRequiredKeyedService<IControlStore>(Inner),
            Options(provider, options),
            provider.GetRequiredService<ILogger<AuthenticatedControlStore>>()));
    }

    // Each form of registration is kept, so that the container closes what it created and nothing else.
    private static ServiceDescriptor Keyed(ServiceDescriptor store) =>
        store.ImplementationInstance is { } instance ? new ServiceDescriptor(typeof(IControlStore), Inner, instance)
        : store.ImplementationFactory is { } make
            ? new ServiceDescriptor(
                typeof(IControlStore), Inner, (provider, _) => make(provider), ServiceLifetime.Singleton)
        : new ServiceDescriptor(
            typeof(IControlStore), Inner, store.ImplementationType!, ServiceLifetime.Singleton);

    private static AuthenticityOptions Options(IServiceProvider provider, StoreKeyOptions options)
    {
        var audit = provider.GetRequiredService<AuditLog>();
        var clock = provider.GetRequiredService<ProcessClock>();
        var directory = provider.GetRequiredService<ProcessOptions>().DataDirectory;
        return new AuthenticityOptions
        {
            Keys = DocumentKeys.Load(options.Path),
            Memory = new IndexMemory(
                Path.Combine(directory, "control-index"),
                provider.GetRequiredService<TimeProvider>(),
                index => audit.PostAsync(AuditEncoder.Event(Indexed(index), clock.NowMs()))),
            Accept = options.Accept,
            RecordAccepted = documents => RecordAsync(audit, clock, documents, options.AcceptReason ?? ""),
        };
    }

    private static EventRecord Indexed(VersionIndex index) => Event(
        "store.index", "The newest versions of control documents that this process has seen.",
        new()
        {
            ["index"] = index.Number.ToString(CultureInfo.InvariantCulture),
            ["indexMac"] = index.Code.Mac,
        });

    /// <exception cref="ControlStoreException">The acceptance cannot be recorded, so nothing is accepted.</exception>
    private static async Task RecordAsync(
        AuditLog audit, ProcessClock clock, IReadOnlyList<string> documents, string reason)
    {
        foreach (var document in documents)
        {
            var record = Event("store.accepted", reason, new() { ["document"] = document });
            if (!await audit.RecordAsync(AuditEncoder.Event(record, clock.NowMs())))
            {
                throw new ControlStoreException(
                    $"The store is not accepted, because the acceptance cannot be recorded: {audit.Fault}");
            }
        }
    }

    private static EventRecord Event(string type, string reason, Dictionary<string, string> facts) => new()
    {
        Id = CallId.New().ToString(),
        Type = type,
        Became = "raised",
        Grant = "",
        Server = "",
        Tool = "",
        Rule = "",
        Reason = reason,
        Facts = facts,
    };
}
