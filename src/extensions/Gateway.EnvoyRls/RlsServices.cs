using Gateway.Control.Options;
using Gateway.Control.Telemetry;
using Gateway.EnvoyRls.Deciding;
using Gateway.EnvoyRls.Options;
using Gateway.EnvoyRls.Serving;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Gateway.EnvoyRls;

/// <summary>Adds Envoy's rate limit service to a gateway.</summary>
public static class RlsServices
{
    /// <summary>Registers the service over the host's limiter, and reads its files before anything starts.</summary>
    /// <exception cref="InvalidOperationException">An option is out of its range.</exception>
    /// <exception cref="ListenException">
    /// The rules or the tokens are not valid; the message lists the problems.
    /// </exception>
    public static void AddRateLimitService(this IServiceCollection services, RlsSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        new RlsOptionsValidator().Validate(null, settings.Options).OrThrow();
        RuleWatcher.Check(settings);
        CallerTokens.Of(settings);
        services.AddSingleton(settings);
        services.AddSingleton<RlsMetrics>();
        services.TryAddSingleton<CounterRatios>();
        services.AddSingleton<RlsDecider>();
        services.AddSingleton<RuleWatcher>();
        services.AddSingleton<RlsEndpoint>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<RuleWatcher>());
    }

    /// <summary>
    /// Reads the rules, and serves all requests on the service's listener and no others; does nothing if the service is
    /// not registered.
    /// </summary>
    /// <exception cref="ListenException">
    /// The rules or the tokens are not valid; the message lists the problems.
    /// </exception>
    public static void UseRateLimitService(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<RuleWatcher>() is not { } rules)
            return;
        rules.Open();
        var endpoint = app.ApplicationServices.GetRequiredService<RlsEndpoint>();
        app.Use(next => http => http.Features.Get<ServiceConnection>() is null
            ? next(http)
            : endpoint.RunAsync(http));
    }
}
