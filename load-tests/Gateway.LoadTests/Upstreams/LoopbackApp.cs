using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.LoadTests.Upstreams;

/// <summary>A web server in this process with one handler, on this machine only.</summary>
internal static class LoopbackApp
{
    /// <param name="handle">Responds to every request.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <returns>The server, which listens. It aborts open connections when it is stopped.</returns>
    public static async Task<WebApplication> StartAsync(RequestDelegate handle, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        app.Run(handle);
        await app.StartAsync();
        return app;
    }

    /// <summary>Returns the address of a path.</summary>
    public static Uri At(this WebApplication app, string path) => new(app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.First() + path);
}
