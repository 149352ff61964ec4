using Gateway.Control.Documents;
using Gateway.Control.Fleet;
using Gateway.Control.Secrets;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Model;

namespace Gateway.Hosting.Composition;

internal static class ValueServices
{
    /// <summary>
    /// Adds counting by value, and the fleet's stricter limits, on top of the host's engine, which must be registered
    /// already.
    /// </summary>
    public static void AddCountingByValue(this IServiceCollection services)
    {
        var engine = services.LastOrDefault(static service => service.ServiceType == typeof(ILimiter))
            ?? throw new InvalidOperationException($"The engine is missing: first register an {nameof(ILimiter)}.");
        services.Remove(engine);
        services.AddSingleton<ILimiter>(provider =>
        {
            var limiter = (ILimiter)(engine.ImplementationInstance ?? engine.ImplementationFactory!(provider));
            return new AgreedLimiter(new ValueLimiter(limiter, new StoredValueKey(
                provider.GetRequiredService<IControlStore>(),
                limiter,
                provider.GetRequiredService<ProcessClock>(),
                provider.GetRequiredService<TimeProvider>())), provider.GetRequiredService<FleetStanding>());
        });
    }
}
