using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Gateway.Server.Demo.SampleServer;

/// <summary>One running SDK server behind one transport: a client's session, or a single stateless request.</summary>
internal sealed class SampleSession : IAsyncDisposable
{
    private readonly McpServer _server;
    private readonly Task _running;

    private SampleSession(StreamableHttpServerTransport transport)
    {
        Transport = transport;
        _server = McpServer.Create(transport, new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "sample", Title = "Sample customer desk", Version = "1.0.0" },
            ServerInstructions = "A made-up customer-care desk. Nothing that is sent leaves this machine.",
            ToolCollection = SampleTools.All,
        });
        _running = _server.RunAsync();
    }

    public StreamableHttpServerTransport Transport { get; }

    /// <summary>A session from <c>initialize</c> to DELETE, as revisions before 2026-07-28 have it.</summary>
    public static SampleSession Start(string id) => new(new StreamableHttpServerTransport { SessionId = id });

    /// <summary>One request of revision 2026-07-28, which knows no sessions.</summary>
    public static SampleSession StartStateless() => new(new StreamableHttpServerTransport { Stateless = true });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        await Transport.DisposeAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
