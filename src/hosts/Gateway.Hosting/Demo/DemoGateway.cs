using System.Net;
using System.Net.Sockets;
using Gateway.Control.ConfigFile;
using Gateway.Hosting.Running;

namespace Gateway.Hosting.Demo;

/// <summary>The gateway itself, on the default port or, if that is taken, a free one.</summary>
internal sealed class DemoGateway : IAsyncDisposable
{
    private const int UsualPort = 8080;
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly GatewayHost _host;

    private DemoGateway(GatewayHost host)
    {
        _host = host;
        Address = new Uri(host.Addresses.Single());
        Endpoint = new Uri(Address, $"mcp/{DemoFolder.ServerName}");
    }

    /// <summary>The address at which it listens.</summary>
    public Uri Address { get; }

    /// <summary>The MCP endpoint for an agent.</summary>
    public Uri Endpoint { get; }

    /// <exception cref="IOException">No port can be opened, or the folder cannot be written to.</exception>
    public static async Task<DemoGateway> StartAsync(DemoFolder folder, CancellationToken cancellationToken)
    {
        var config = ConfigLoader.Load(folder.ConfigPath, Environment.GetEnvironmentVariable);
        if (config.Snapshot is null) throw new InvalidOperationException(string.Join('\n', config.Problems));

        var options = new GatewayHostOptions
        {
            DataDirectory = folder.DataPath,
            Snapshot = config.Snapshot,
            Listen = [IsFree(UsualPort) ? $"http://127.0.0.1:{UsualPort}" : AnyPort],
            DrainTime = TimeSpan.FromSeconds(2),
            Quiet = true,
        };
        try
        {
            return new DemoGateway(await GatewayHost.StartAsync(options, cancellationToken).ConfigureAwait(false));
        }
        catch (IOException)
        {
            // Another program took the port after the check.
            options = options with { Listen = [AnyPort] };
            return new DemoGateway(await GatewayHost.StartAsync(options, cancellationToken).ConfigureAwait(false));
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    // Checked first, because a host that fails to listen logs it at length.
    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
