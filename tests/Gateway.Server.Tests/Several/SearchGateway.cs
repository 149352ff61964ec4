namespace Gateway.Server.Tests.Several;

/// <summary>Two servers and two grants by the same policy: one lists its tools, one finds them.</summary>
public sealed class SearchGateway : IAsyncLifetime, IDisposable
{
    private const string Policy = """
        {
          "version": "1",
          "default": "allow",
          "hide": ["secret_*"],
          "tools": {
            "remove": { "action": "deny", "reason": "A person removes." },
            "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 2 } ] },
            "refund": { "action": "approve", "reason": "A person looks at refunds.", "approval": { "wait": "0s" } },
            "move": { "deny_if": [ { "path": "args.amount", "op": "gt", "value": 10, "reason": "Over 10." } ] }
          }
        }
        """;

    public const string Virtual = "pgw_virtual_token_0123456";
    public const string Both = "pgw_both_token_0123456789";

    private const string VirtualTools = """
        { "crm": {
          "move_euros": {
            "tool": "move", "description": "Moves up to five euros.",
            "fix": { "currency": "EUR" }, "default": { "note": "by an agent" },
            "schema": { "properties": { "amount": { "type": "number", "maximum": 5 } }, "required": ["amount"] }
          },
          "move_all": { "tool": "move", "fix": { "amount": 100 } },
          "find": { "tool": "ask" }
        } }
        """;

    private static readonly string[] Tools =
        ["find", "ask", "remove", "pay", "refund", "move", "secret_door", "find_tools", new('n', 400)];

    private readonly TestFolder _folder = new();
    private GatewayHost? _host;

    internal ScriptedServer Crm { get; private set; } = null!;

    internal ScriptedServer Erp { get; private set; } = null!;

    internal HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    public async Task InitializeAsync()
    {
        Crm = await ScriptedServer.StartAsync("crm");
        Erp = await ScriptedServer.StartAsync("erp");
        Crm.Pages = Erp.Pages = [Tools];
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "gateway.json"), $$"""
            {
              "servers": { "crm": { "url": "{{Crm.Url}}" }, "erp": { "url": "{{Erp.Url}}" } },
              "policies": { "policy": {{Policy}} },
              "grants": {
                "searching": {
                  "servers": { "crm": "policy", "erp": "policy" }, "token": "{{TestTokens.Agent}}", "tools_as": "search"
                },
                "listing": { "servers": { "crm": "policy", "erp": "policy" }, "token": "{{TestTokens.Other}}" },
                "virtual": {
                  "servers": { "crm": "policy", "erp": "policy" }, "token": "{{Virtual}}", "virtual_tools": {{VirtualTools}}
                },
                "both": {
                  "servers": { "crm": "policy" }, "token": "{{Both}}", "virtual_tools": {{VirtualTools}},
                  "tools_as": "search"
                },
                "nothing": { "servers": { "crm": null }, "token": "{{TestTokens.NoPolicy}}", "tools_as": "search" }
              }
            }
            """);
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(_folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = Path.Combine(_folder.Path, "gateway.json") },
                DrainTime = TimeSpan.FromSeconds(2),
                Aggregation = new() { ServerWait = Soon.AtMost },
            },
            CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _host!.DisposeAsync();
        await Crm.DisposeAsync();
        await Erp.DisposeAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        _folder.Dispose();
    }

    internal IReadOnlyList<JsonElement> Records() => AuditTrail.Read(Path.Combine(_folder.Path, "data", "audit"));

    /// <summary>Calls a tool by the grant that lists its tools.</summary>
    internal Task<JsonElement> DirectlyAsync(string name, string arguments = "{}", string path = "/mcp/crm") =>
        AskAsync("tools/call", $$"""{"name":"{{name}}","arguments":{{arguments}}}""", path, TestTokens.Other);

    /// <summary>Calls a tool by the grant that finds its tools.</summary>
    internal Task<JsonElement> CallAsync(string name, string arguments = "{}", string path = "/mcp/crm") =>
        MetaAsync("call_tool", $$"""{"name":"{{name}}","arguments":{{arguments}}}""", path);

    /// <summary>Calls one of the three tools.</summary>
    internal Task<JsonElement> MetaAsync(string tool, string arguments, string path = "/mcp/crm") =>
        AskAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""", path);

    internal async Task<JsonElement> AskAsync(
        string method, string parameters = "{}", string path = "/mcp/crm", string token = TestTokens.Agent)
    {
        using var answer = await PostAsync(
            $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":{{parameters}}}""", path, token);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    internal async Task<HttpResponseMessage> PostAsync(
        string body, string path, string token = TestTokens.Agent, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(_host!.Addresses[0]), path))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }
}
