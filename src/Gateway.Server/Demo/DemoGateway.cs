using Gateway.Proxy.Configuration;
using Gateway.Server.Hosting;

namespace Gateway.Server.Demo;

/// <summary>The gateway itself, on the usual port or, where that is taken, a free one.</summary>
internal sealed class DemoGateway : IAsyncDisposable
{
    private const int UsualPort = 8080;

    private readonly GatewayHost _host;

    private DemoGateway(GatewayHost host)
    {
        _host = host;
        Address = new Uri(host.Addresses.Single());
        Endpoint = new Uri(Address, $"mcp/{DemoFolder.ServerName}");
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Where an agent speaks MCP to it.</summary>
    public Uri Endpoint { get; }

    /// <exception cref="IOException">Nothing can be listened on, or the folder cannot be written to.</exception>
    public static async Task<DemoGateway> StartAsync(DemoFolder folder, CancellationToken cancellationToken)
    {
        var config = ConfigLoader.Load(folder.ConfigPath, Environment.GetEnvironmentVariable);
        if (config.Snapshot is null) throw new InvalidOperationException(string.Join('\n', config.Problems));

        var options = new GatewayHostOptions
        {
            DataDirectory = folder.DataPath,
            Snapshot = config.Snapshot,
            Listen = [$"http://127.0.0.1:{UsualPort}"],
            DrainTime = TimeSpan.FromSeconds(2),
            Quiet = true,
        };
        try
        {
            return new DemoGateway(await GatewayHost.StartAsync(options, cancellationToken).ConfigureAwait(false));
        }
        catch (IOException)
        {
            // The usual port is another program's, or another demo's; the system knows a free one.
            options = options with { Listen = ["http://127.0.0.1:0"] };
            return new DemoGateway(await GatewayHost.StartAsync(options, cancellationToken).ConfigureAwait(false));
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
