namespace Gateway.Server.Tests.Commands;

/// <summary>A gateway with one of each of the file and some of the API, and the command line before it.</summary>
public sealed class ManagedGateway : IAsyncLifetime, IDisposable
{
    internal const string AdminKey = "admin-key-of-this-test";
    private readonly TestFolder _folder = new("gateway-manage-");
    private readonly HttpClient _admin = new();
    private GatewayProcess _gateway = null!;
    private string _config = "";

    internal string Folder => _folder.Path;

    internal string Data => Path.Combine(_folder.Path, "data");

    internal Uri Address => _gateway.Address;

    internal Cli Cli { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _config = Write("gateway.json", $$"""
            {
              "admin": { "key": "{{AdminKey}}" },
              "servers": { "filed": { "url": "http://127.0.0.1:9/mcp" } },
              "policies": { "filed": { "version": "1", "default": "deny" } },
              "grants": { "filed": { "server": "filed", "policy": "filed", "token": "{{TestTokens.Agent}}" } }
            }
            """);
        const string policy = """{ "version": "1", "default": "deny",  "tools": { "a": {} } }""";
        Write("p.json", policy);
        _gateway = await GatewayProcess.StartAsync(_config, Data);
        _admin.BaseAddress = _gateway.Address;
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        Cli = new Cli(_folder.Path, _gateway.Address, AdminKey);
        await SendAsync(
            HttpMethod.Put, "servers/crm",
            """{ "url": "http://127.0.0.1:9/mcp", "headers": { "X-Key": "s3cret" } }""");
        await SendAsync(HttpMethod.Put, "policies/one", policy);
        await SendAsync(HttpMethod.Put, "policies/two", policy);
        await SendAsync(HttpMethod.Post, "grants", """{ "name": "bot", "servers": { "crm": "one" } }""");
    }

    /// <summary>Kills the gateway and starts another one on its data; the command line then reaches that one.</summary>
    internal async Task ReplaceKilledAsync()
    {
        await _gateway.KillAsync();
        await _gateway.DisposeAsync();
        _gateway = await GatewayProcess.StartAsync(_config, Data);
        Cli = new Cli(_folder.Path, _gateway.Address, AdminKey);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose()
    {
        _admin.Dispose();
        _folder.Dispose();
    }

    internal async Task<string> StateAsync() => string.Concat(
        await _admin.GetStringAsync("api/v1/grants"),
        await _admin.GetStringAsync("api/v1/servers"),
        await _admin.GetStringAsync("api/v1/policies"));

    /// <summary>Changes the gateway without the start of a process.</summary>
    private async Task SendAsync(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, "api/v1/" + path)
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        using var response = await _admin.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    internal string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    internal async Task<CliRun> NotWellAsync(int exitCode, params string[] arguments)
    {
        var run = await Cli.RunAsync(arguments);
        Assert.True(run.ExitCode == exitCode,
            $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Output} {run.Errors}");
        return run;
    }

    internal async Task<string> WellAsync(params string[] arguments) => (await NotWellAsync(0, arguments)).Output;
}
