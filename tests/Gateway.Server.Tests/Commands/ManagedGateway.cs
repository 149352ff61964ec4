namespace Gateway.Server.Tests.Commands;

/// <summary>A gateway with one of each of the file and some of the API, and the command line before it.</summary>
public sealed class ManagedGateway : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "admin-key-of-this-test";
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
        Write("p.json", """{ "version": "1", "default": "deny",  "tools": { "a": {} } }""");
        _gateway = await GatewayProcess.StartAsync(_config, Data);
        _admin.BaseAddress = _gateway.Address;
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        Cli = new Cli(_folder.Path, _gateway.Address, AdminKey);
        await WellAsync("server", "add", "crm", "http://127.0.0.1:9/mcp", "--header", "X-Key: s3cret");
        await WellAsync("policy", "set", "one", "p.json");
        await WellAsync("policy", "set", "two", "p.json");
        await WellAsync("grant", "create", "bot", "--server", "crm=one");
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
