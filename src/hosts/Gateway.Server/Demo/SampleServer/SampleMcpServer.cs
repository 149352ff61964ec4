using System.Net;

namespace Gateway.Server.Demo.SampleServer;

/// <summary>A complete MCP server on Kestrel, on a free port of 127.0.0.1, for the demo and the tests.</summary>
public sealed class SampleMcpServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly SampleEndpoint _endpoint;

    private SampleMcpServer(WebApplication application, SampleEndpoint endpoint, CallCounts calls)
    {
        _application = application;
        _endpoint = endpoint;
        Calls = calls;
        Address = new Uri(new Uri(application.Urls.Single()), "mcp");
    }

    /// <summary>Where it speaks MCP, such as <c>http://127.0.0.1:40123/mcp</c>.</summary>
    public Uri Address { get; }

    /// <summary>The calls that reached it.</summary>
    public CallCounts Calls { get; }

    /// <exception cref="IOException">No port could be had.</exception>
    public static async Task<SampleMcpServer> StartAsync(CancellationToken cancellationToken)
    {
        // The empty builder reads no environment and no settings file: a user's ASPNETCORE_URLS does not move it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));

        var calls = new CallCounts();
        var endpoint = new SampleEndpoint(calls);
        var application = builder.Build();
        application.Run(context => context.Request.Path == "/mcp" ? endpoint.HandleAsync(context) : NotFound(context));
        await application.StartAsync(cancellationToken).ConfigureAwait(false);
        return new SampleMcpServer(application, endpoint, calls);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Sessions first: an open GET stream would hold the application for its whole grace period.
        await _endpoint.DisposeAsync().ConfigureAwait(false);
        await _application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
