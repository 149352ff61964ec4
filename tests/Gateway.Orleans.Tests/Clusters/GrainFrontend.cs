using Gateway.Control.Health;
using Gateway.Control.Updating;
using Gateway.Hosting.Composition;
using Gateway.Hosting.Options;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Tests.Clusters;

/// <summary>A gateway in this process whose control documents are held by a cluster's grain.</summary>
internal sealed class GrainFrontend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GrainFrontend(WebApplication app) => _app = app;

    public Uri Address => new(_app.Addresses().Single());

    public static async Task<GrainFrontend> StartAsync(IGrainFactory grains, string config, string data)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.AddListeners(new ListenSettings { Listen = ["http://127.0.0.1:0"] });
        builder.Services.AddSingleton(grains);
        builder.Services.AddGatewayLimiter();
        builder.Services.AddGrainControlStore();
        builder.Services.AddSingleton<IEngineHealth, ClockHealth>();
        builder.Services.AddGateway(new GatewayOptions { DataDirectory = data, ConfigFile = new() { Path = config } });
        var app = builder.Build();
        await app.Services.GetRequiredService<ConfigFileWatcher>().OpenAsync(CancellationToken.None);
        app.MapGateway();
        await app.StartListeningAsync(CancellationToken.None);
        return new GrainFrontend(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>No counter is asked for here: what could fail is this machine's clock.</summary>
    private sealed class ClockHealth(ProcessClock clock) : IEngineHealth
    {
        public string? Fault => IsClockTrusted ? null : "the clock leapt";

        public bool IsClockTrusted => clock.IsTrusted;
    }
}
