namespace Gateway.Server.Tests.Commands;

/// <summary>A gateway with one of each of the file and some of the API, and the command line before it.</summary>
public sealed class ManagedGateway : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "admin-key-of-this-test";
    private readonly TestFolder _folder = new("gateway-manage-");
    private readonly HttpClient _admin = new();
    private GatewayProcess _gateway = null!;

    internal string Folder => _folder.Path;

    internal Uri Address => _gateway.Address;

    internal Cli Cli { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var config = Write("gateway.json", $$"""
            {
              "admin": { "key": "{{AdminKey}}" },
              "servers": { "filed": { "url": "http://127.0.0.1:9/mcp" } },
              "policies": { "filed": { "version": "1", "default": "deny" } },
              "grants": { "filed": { "server": "filed", "policy": "filed", "token": "{{TestTokens.Agent}}" } }
            }
            """);
        Write("p.json", """{ "version": "1", "default": "deny",  "tools": { "a": {} } }""");
        _gateway = await GatewayProcess.StartAsync(config, Path.Combine(_folder.Path, "data"));
        _admin.BaseAddress = _gateway.Address;
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        Cli = new Cli(_folder.Path, _gateway.Address, AdminKey);
        await WellAsync("server", "add", "crm", "http://127.0.0.1:9/mcp", "--header", "X-Key: s3cret");
        await WellAsync("policy", "set", "one", "p.json");
        await WellAsync("policy", "set", "two", "p.json");
        await WellAsync("grant", "create", "bot", "--server", "crm=one");
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
