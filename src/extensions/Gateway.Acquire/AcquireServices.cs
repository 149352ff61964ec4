using Gateway.Acquire.Deciding;
using Gateway.Acquire.Options;
using Gateway.Acquire.Serving;
using Gateway.Control.Options;
using Gateway.Control.Telemetry;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Acquire;

/// <summary>Adds limits over plain HTTP to a gateway.</summary>
public static class AcquireServices
{
    /// <summary>Registers the services over the host's limiter.</summary>
    /// <exception cref="InvalidOperationException">An option is out of its range.</exception>
    public static void AddAcquire(this IServiceCollection services, AcquireOptions options)
    {
        new AcquireOptionsValidator().Validate(null, options).OrThrow();
        services.AddSingleton(options);
        services.AddSingleton<AcquireMetrics>();
        services.AddSingleton<CallMarkers>();
        services.TryAddSingleton<CounterRatios>();
        services.AddSingleton<ChargeRecorder>();
        services.AddSingleton<ChargeBook>();
        services.AddSingleton<AcquireDecider>();
        services.AddSingleton<ServiceAuthenticator>();
        services.AddSingleton<AcquireEndpoint>();
    }

    /// <summary>
    /// Serves all requests on the listener of services, and no others; does nothing if the services are not registered.
    /// </summary>
    public static void UseAcquire(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<AcquireOptions>() is null)
            return;
        var endpoint = app.ApplicationServices.GetRequiredService<AcquireEndpoint>();
        app.Use(next => http => http.Features.Get<AcquireConnection>() is null
            ? next(http)
            : endpoint.RunAsync(http));
    }
}
