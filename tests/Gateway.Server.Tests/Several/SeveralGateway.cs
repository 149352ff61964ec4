using System.Net.ServerSentEvents;

namespace Gateway.Server.Tests.Several;

/// <summary>A gateway with a grant for three servers and one that is not there.</summary>
public sealed class SeveralGateway : IAsyncLifetime, IDisposable
{
    private const string Policy = """
        {
          "version": "1",
          "default": "allow",
          "show_limits": true,
          "tools": {
            "remove": { "action": "deny", "reason": "A person removes." },
            "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 2 } ] }
          }
        }
        """;

    private readonly TestFolder _folder = new();
    private GatewayHost? _host;

    internal ScriptedServer Crm { get; private set; } = null!;

    internal ScriptedServer Erp { get; private set; } = null!;

    internal ScriptedServer Slow { get; private set; } = null!;

    internal Uri Address => new(_host!.Addresses[0]);

    internal HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent) },
    };

    public async Task InitializeAsync()
    {
        Crm = await ScriptedServer.StartAsync("crm");
        Erp = await ScriptedServer.StartAsync("erp");
        Slow = await ScriptedServer.StartAsync("slow");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "gateway.json"), $$"""
            {
              "servers": {
                "crm": { "url": "{{Crm.Url}}" },
                "erp": { "url": "{{Erp.Url}}" },
                "slow": { "url": "{{Slow.Url}}" },
                "dead": { "url": "http://127.0.0.1:{{Ports.Free()}}/mcp" }
              },
              "policies": { "policy": {{Policy}} },
              "grants": {
                "agent": {
                  "servers": { "crm": "policy", "erp": "policy", "slow": "policy", "dead": "policy" },
                  "token": "{{TestTokens.Agent}}"
                },
                "other": { "servers": { "crm": "policy" }, "token": "{{TestTokens.Other}}" }
              }
            }
            """);
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host!.DisposeAsync();
        await Crm.DisposeAsync();
        await Erp.DisposeAsync();
        await Slow.DisposeAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        _folder.Dispose();
    }

    internal async Task RestartAsync()
    {
        await _host!.DisposeAsync();
        await StartAsync();
    }

    internal IReadOnlyList<JsonElement> Records() => AuditTrail.Read(Path.Combine(_folder.Path, "data", "audit"));

    internal async Task<string> OpenAsync()
    {
        using var opened = await PostAsync("""
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{}},"clientInfo":{"name":"t","version":"1"}}}
            """);
        Assert.Equal(200, (int)opened.StatusCode);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        using var told = await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", session);
        Assert.Equal(202, (int)told.StatusCode);
        return session;
    }

    internal Task<HttpResponseMessage> PostAsync(
        string body, string? session = null, string path = "/mcp", Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        change?.Invoke(request);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    internal async Task<JsonElement> AskAsync(
        string method, string parameters = "{}", string? session = null, string path = "/mcp")
    {
        using var answer = await PostAsync(
            $$$"""{"jsonrpc":"2.0","id":7,"method":"{{{method}}}","params":{{{parameters}}}}""", session, path);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    internal Task<JsonElement> CallAsync(string tool, string? session = null, string path = "/mcp") =>
        AskAsync("tools/call", $$$"""{"name":"{{{tool}}}","arguments":{}}""", session, path);

    internal static async IAsyncEnumerable<JsonElement> EventsAsync(HttpResponseMessage response)
    {
        await foreach (var one in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (one.Data.Length > 0)
                yield return JsonDocument.Parse(one.Data).RootElement;
        }
    }

    private async Task StartAsync() => _host = await GatewayHost.StartAsync(
        new GatewayHostOptions
        {
            DataDirectory = Path.Combine(_folder.Path, "data"),
            Listen = ["http://127.0.0.1:0"],
            Quiet = true,
            ConfigPath = Path.Combine(_folder.Path, "gateway.json"),
            DrainTime = TimeSpan.FromSeconds(2),
            AggregateWait = TimeSpan.FromSeconds(3),
        },
        CancellationToken.None);
}
