using System.CommandLine;
using Gateway.Acquire.Options;
using Gateway.Hosting.Extensions;
using Gateway.Hosting.Options;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Acquire;

/// <summary>Extension that serves budgets over plain HTTP: <c>--acquire-listen</c>.</summary>
public sealed class AcquireExtension : GatewayExtension
{
    private static readonly Option<string?> Listen = Setting.Text(
        "--acquire-listen", "URL",
        "The address on which services charge budgets over plain HTTP. Off by default.");

    /// <inheritdoc/>
    public override void AddOptions(Command command) => command.Options.Add(Listen);

    /// <inheritdoc/>
    public override ExtensionSetup? Read(ParseResult parsed) =>
        parsed.GetValue(Listen) is { } address ? new AcquireSetup(address) : null;
}

/// <summary>Serves budgets at the address of one process.</summary>
/// <param name="address">The address.</param>
public sealed class AcquireSetup(string address) : ExtensionSetup
{
    /// <inheritdoc/>
    public override ListenSettings AddListener(ListenSettings listeners) => listeners with { Acquire = address };

    /// <inheritdoc/>
    public override void AddServices(IServiceCollection services) => services.AddAcquire(new AcquireOptions());

    /// <inheritdoc/>
    public override void Use(IApplicationBuilder app) => app.UseAcquire();
}
