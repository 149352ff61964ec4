using Gateway.Control.ConfigFile;
using Gateway.Server.Hosting;

namespace Gateway.Server.Tests.Interop;

/// <summary>A gateway on a free port with one server, grant and policy, configured by a file as a user would.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private const string ServerName = "upstream";

    private readonly GatewayHost _host;
    private readonly TestFolder _folder;

    private TestGateway(GatewayHost host, TestFolder folder, string token)
    {
        _host = host;
        Token = token;
        _folder = folder;
        Endpoint = new Uri(new Uri(host.Addresses.Single()), $"mcp/{ServerName}");
    }

    public Uri Endpoint { get; }

    public string Token { get; }

    public static async Task<TestGateway> StartAsync(Uri server, string policy, CancellationToken cancellationToken)
    {
        var folder = new TestFolder("gateway-interop-");
        var path = Path.Combine(folder.Path, "gateway.json");
        var token = $"pgw_{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(path, Config(server, policy, token), cancellationToken);
        var config = ConfigLoader.Load(path, _ => null);
        Assert.Empty(config.Problems);

        return new TestGateway(await GatewayHost.StartAsync(new GatewayHostOptions
        {
            DataDirectory = Path.Combine(folder.Path, "data"),
            Listen = ["http://127.0.0.1:0"],
            Snapshot = config.Snapshot!,
            DrainTime = TimeSpan.FromSeconds(2),
            Quiet = true,
        }, cancellationToken), folder, token);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private static string Config(Uri server, string policy, string token) => $$"""
        {
          "servers": { "{{ServerName}}": { "url": "{{server}}" } },
          "policies": { "interop": {{policy}} },
          "grants": {
            "agent": { "server": "{{ServerName}}", "policy": "interop", "token": "{{token}}" }
          }
        }
        """;
}
