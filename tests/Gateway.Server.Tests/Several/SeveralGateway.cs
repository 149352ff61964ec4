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
            "sign": { "action": "approve", "reason": "A person signs.", "approval": { "wait": "0s" } },
            "seal": { "action": "approve", "reason": "A person seals.", "approval": { "wait": "120s" } },
            "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 2 } ] }
          }
        }
        """;

    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    /// <summary>The token of a grant that may read resources of crm only.</summary>
    internal const string Partly = "agent-token-partly-0123456789";

    private readonly TestFolder _folder = new();
    private GatewayHost? _host;
    private string? _adminKey;

    /// <summary>How long it waits for a server's list: longer than any takes on a busy machine.</summary>
    internal TimeSpan Wait { get; init; } = Soon.AtMost;

    /// <summary>The member of one more server, with its definition; empty for none.</summary>
    internal string OneMore { get; init; } = "";

    /// <summary>Members that stand in the policy beside its own; empty for none.</summary>
    internal string MorePolicy { get; init; } = "";

    /// <summary>Members of the definition of crm beside its address, each with a comma before it.</summary>
    internal string MoreCrm { get; init; } = "";

    /// <summary>The clock of the gateway.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal TestFolder Folder => _folder;

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
                "crm": { "url": "{{Crm.Url}}"{{MoreCrm}} },
                "erp": { "url": "{{Erp.Url}}" },
                "slow": { "url": "{{Slow.Url}}" },
                "dead": { "url": "http://127.0.0.1:{{Ports.Free()}}/mcp" }{{(OneMore.Length > 0 ? ", " + OneMore : "")}}
              },
              "policies": {
                "policy": {{Policy.TrimEnd()[..^1] + MorePolicy}} },
                "closed": { "version": "1", "default": "allow", "resources": { "default": "deny" } }
              },
              "grants": {
                "agent": {
                  "servers": { "crm": "policy", "erp": "policy", "slow": "policy", "dead": "policy"{{(OneMore.Length > 0 ? ", \"more\": \"policy\"" : "")}} },
                  "token": "{{TestTokens.Agent}}"
                },
                "other": { "servers": { "crm": "policy" }, "token": "{{TestTokens.Other}}" },
                "partly": { "servers": { "crm": "policy", "erp": "closed" }, "token": "{{Partly}}" }
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

    internal async Task<string> OpenAsync() =>
        await TryOpenAsync() ?? throw new InvalidOperationException("It opened no session.");

    internal async Task<string?> TryOpenAsync(string capabilities = """{"roots":{}}""", string path = "/mcp")
    {
        using var opened = await PostAsync($$$$"""
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{{{{capabilities}}}},"clientInfo":{"name":"t","version":"1"}}}
            """, path: path);
        if (!opened.IsSuccessStatusCode)
            return null;
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        using var notified = await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", session, path);
        Assert.Equal(202, (int)notified.StatusCode);
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
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
            return await EventsAsync(answer).FirstAsync(static one => !one.TryGetProperty("method", out _));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>Asks in the revision 2026-07-28.</summary>
    internal Task<HttpResponseMessage> StatelessAsync(
        string method, string parameters, string? name = null, string capabilities = "{}", string path = "/mcp",
        Action<HttpRequestMessage>? change = null) => PostAsync(
        $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":""" + parameters[..^1] + ","
            + Meta.Replace("Capabilities\":{}", "Capabilities\":" + capabilities, StringComparison.Ordinal) + "}}",
        path: path,
        change: request =>
        {
            change?.Invoke(request);
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", method);
            if (name is not null)
                request.Headers.Add("Mcp-Name", name);
        });

    /// <summary>Waits until no stream is open: one that is about to end would take what is told to the next.</summary>
    internal Task QuietAsync() => Soon.UntilAsync(
        () => Crm.Streams + Erp.Streams + Slow.Streams == 0, "the streams of before have ended");

    /// <summary>Opens the session's own stream, or goes on with one.</summary>
    internal async Task<HttpResponseMessage> StreamAsync(
        string session, string? after = null, string path = "/mcp")
    {
        await QuietAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("Accept", "text/event-stream");
        if (after is not null)
            request.Headers.Add("Last-Event-ID", after);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Asks the operator's API.</summary>
    internal async Task<JsonElement> AdminAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _adminKey);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
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

    private async Task StartAsync()
    {
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(_folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = Path.Combine(_folder.Path, "gateway.json") },
                DrainTime = TimeSpan.FromSeconds(2),
                Aggregation = new() { ServerWait = Wait },
                Approvals = new() { ConsoleUrl = new Uri("https://ops.example.com") },
                Time = Time,
            },
            CancellationToken.None);
        _adminKey ??= _host.NewAdminKey;
    }
}
