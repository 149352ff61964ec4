using System.Net;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;

namespace Gateway.Hosting.Demo.SampleServer;

/// <summary>A complete MCP server on Kestrel, on a free port of 127.0.0.1, for the demo and the tests.</summary>
public sealed class SampleMcpServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private SampleMcpServer(WebApplication application, CallCounts calls)
    {
        _application = application;
        Calls = calls;
        Address = new Uri(new Uri(application.Urls.Single()), "mcp");
    }

    /// <summary>The MCP endpoint, such as <c>http://127.0.0.1:40123/mcp</c>.</summary>
    public Uri Address { get; }

    /// <summary>The calls that reached it.</summary>
    public CallCounts Calls { get; }

    /// <exception cref="IOException">No port could be opened.</exception>
    public static async Task<SampleMcpServer> StartAsync(CancellationToken cancellationToken)
    {
        // The empty builder reads no environment and no settings file, so that a user's ASPNETCORE_URLS has no effect.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();

        var calls = new CallCounts();
        builder.Services
            .AddMcpServer(static server =>
            {
                server.ServerInfo = new Implementation
                {
                    Name = "sample",
                    Title = "Sample customer desk",
                    Version = "1.0.0",
                };
                server.ServerInstructions =
                    "A made-up customer-care desk. Nothing that is sent leaves this machine.";
                server.ToolCollection = SampleTools.All;
            })
            .WithHttpTransport(static transport =>
                transport.SessionMode = HttpServerSessionMode.StatefulForInitializeClients)
            .WithRequestFilters(filters => filters.AddCallToolFilter(next => (request, cancellation) =>
            {
                calls.Add(request.Params?.Name ?? "");
                return next(request, cancellation);
            }));
        var application = builder.Build();
        application.MapMcp("/mcp");
        await application.StartAsync(cancellationToken).ConfigureAwait(false);
        return new SampleMcpServer(application, calls);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }
}
