using System.CommandLine;
using Gateway.EnvoyRls.Options;
using Gateway.Hosting.Extensions;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EnvoyRls;

/// <summary>Extension that serves Envoy's rate limit service: <c>--rls-listen</c>.</summary>
public sealed class RlsExtension : GatewayExtension
{
    /// <inheritdoc/>
    public override void AddOptions(Command command) => RlsArguments.AddTo(command);

    /// <inheritdoc/>
    public override ExtensionSetup? Read(ParseResult parsed) =>
        RlsArguments.Of(parsed) is { } settings ? new RlsSetup(settings) : null;
}

/// <summary>The service with the settings of one process.</summary>
/// <param name="settings">The settings.</param>
public sealed class RlsSetup(RlsSettings settings) : ExtensionSetup
{
    /// <inheritdoc/>
    public override ListenSettings AddListener(ListenSettings listeners) => listeners with
    {
        Service = new ServiceListen(
            settings.Listen, RlsArguments.ListenOption, settings.ClientAuthorities, settings.TokenFile is not null),
    };

    /// <inheritdoc/>
    public override void AddServices(IServiceCollection services) => services.AddRateLimitService(settings);

    /// <inheritdoc/>
    public override void Use(IApplicationBuilder app) => app.UseRateLimitService();
}
