using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.TestHarness.Gateways;

/// <summary>
/// A server behind the gateway that records every request. Its record shows exactly which requests were forwarded.
/// </summary>
public sealed class RecordingServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RecordingServer(WebApplication app) => _app = app;

    public ConcurrentQueue<RecordedRequest> Requests { get; } = new();

    /// <summary>Responds to a request; by default with a JSON-RPC result for the request's id.</summary>
    public Func<HttpContext, RecordedRequest, Task> Answer { get; set; } = DefaultAnswerAsync;

    public string Url => _app.Services.GetRequiredService<IServer>()
        .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single() + "/mcp";

    /// <param name="host">The address that it listens on.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    public static async Task<RecordingServer> StartAsync(string host = "127.0.0.1", int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://{host}:{port}");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new RecordingServer(app);
        app.Map("/mcp", server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    public static Task JsonAsync(HttpContext http, string json, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    }

    /// <summary>Waits until the client has disconnected.</summary>
    public static async Task UntilGoneAsync(HttpContext http)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    /// <summary>Stops listening; later requests do not arrive.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static Task DefaultAnswerAsync(HttpContext http, RecordedRequest request)
    {
        using var message = JsonDocument.Parse(request.Body);
        if (!message.RootElement.TryGetProperty("id", out var id))
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        }

        return JsonAsync(http, $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"result":{"content":[{"type":"text","text":"done"}]}}""");
    }

    private async Task HandleAsync(HttpContext http)
    {
        var request = await RecordedRequest.ReadAsync(http.Request);
        Requests.Enqueue(request);
        await Answer(http, request);
    }
}
