using System.Net.Http.Json;
using Gateway.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hosting.Tests.Composition;

public sealed class CallScopeTests
{
    private const string Token = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>
    /// A scope of services costs allocations and a callback at its end, and no service of a call is scoped.
    /// </summary>
    [Theory]
    [InlineData("/mcp/crm", false)]
    [InlineData("/mcp", false)]
    [InlineData("/api/v1/status", true)]
    public async Task Only_requests_of_operators_get_a_scope_of_services(string path, bool hasScope)
    {
        using var folder = new TestFolder();
        var config = folder.File("gateway.json", $$"""
            { "servers": { "crm": { "url": "http://127.0.0.1:1/mcp" } },
              "policies": { "none": { "version": "1", "default": "deny" } },
              "grants": { "bot": { "server": "crm", "policy": "none", "token": "{{Token}}" } } }
            """);
        await using var host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = config },
            },
            CancellationToken.None);
        var ended = new EndedRequests();
        using var listening = host.Services.GetRequiredService<DiagnosticListener>().Subscribe(ended);
        using var client = new HttpClient { BaseAddress = new Uri(host.Addresses[0]) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(new
            {
                jsonrpc = "2.0",
                id = 1,
                method = "tools/call",
                @params = new { name = "crm__find", arguments = new { } },
            }),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");

        using var response = await client.SendAsync(request);

        Assert.NotEqual(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(hasScope, await ended.Services.Task.WaitAsync(Soon.AtMost) != host.Services);
    }

    /// <summary>Keeps the services of the last request that ended.</summary>
    private sealed class EndedRequests : IObserver<KeyValuePair<string, object?>>
    {
        public TaskCompletionSource<IServiceProvider> Services { get; } = new();

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "Microsoft.AspNetCore.Hosting.HttpRequestIn.Stop", Value: HttpContext http })
                Services.TrySetResult(http.RequestServices);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
