using System.Buffers.Binary;
using System.Net.Security;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Edge;

/// <summary>Clients that flood the gateway over HTTP/2 fill no log, and other clients are served.</summary>
public sealed class Http2FloodTests : IAsyncLifetime, IDisposable
{
    private const int Connections = 8;
    private const int Streams = 2000;
    private readonly TestFolder _folder = new("gateway-flood-");
    private readonly Entries _entries = new();
    private GatewayHost _host = null!;

    public async Task InitializeAsync()
    {
        var certificate = new TestCertificate(_folder.Path);
        certificate.Write("localhost");
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(_folder.Path, "data"),
                Listen = ["https://127.0.0.1:0"],
                Tls = new TlsFiles(certificate.Certificate, certificate.Key),
                Quiet = true,
                // A connection that was flooded may stay open.
                DrainTime = TimeSpan.FromSeconds(2),
            },
            CancellationToken.None);
        _host.Services.GetRequiredService<ILoggerFactory>().AddProvider(_entries);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("open")]
    [InlineData("reset")]
    [InlineData("ping")]
    [InlineData("settings")]
    public async Task Flood_leaves_a_bounded_number_of_log_entries_and_other_clients_are_served(string kind)
    {
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => FloodAsync(kind)));

        using var client = new HttpClient(TestCertificate.Handler());
        using var alive = await client.GetAsync(new Uri(new Uri(_host.Addresses[0]), "/livez"));
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.DoesNotContain(_entries.All, static entry => entry.Level >= LogLevel.Error);
        // At most one a minute and category for this address, and the test may see two minutes.
        Assert.InRange(_entries.All.Count(static entry => entry.Category.Contains("Kestrel")), 0, 4);
        Assert.All(
            _entries.All.Where(static entry => entry.Text.Contains("ended abnormally")),
            static entry => Assert.Contains("127.0.0.1", entry.Text));
    }

    /// <summary>Sends frames and reads no answer, until the gateway closes the connection.</summary>
    private async Task FloodAsync(string kind)
    {
        using var client = new TcpClient();
        var address = new Uri(_host.Addresses[0]);
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = new SslStream(client.GetStream(), false, static (_, _, _, errors) =>
            TestCertificate.IsForHere(errors));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        });
        try
        {
            await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
            await stream.WriteAsync(Frame(type: 4, flags: 0, id: 0, []));
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            for (var id = 1; id < 2 * Streams; id += 2)
                await stream.WriteAsync(FramesOf(kind, id), limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Closed by the gateway, or it reads no more.
        }
    }

    private static byte[] FramesOf(string kind, int id)
    {
        // HPACK: GET, https, a path and an authority as literals (RFC 7541, appendix A).
        byte[] head = [0x82, 0x87, 0x44, 23, .. "/schemas/policy-v1.json"u8, 0x41, 9, .. "localhost"u8];
        return kind switch
        {
            "ping" => Frame(type: 6, flags: 0, id: 0, "12345678"u8),
            "settings" => Frame(type: 4, flags: 0, id: 0, []),
            "open" => Frame(type: 1, flags: 5, id, head),
            _ => [.. Frame(type: 1, flags: 5, id, head), .. Frame(type: 3, flags: 0, id, [0, 0, 0, 8])],
        };
    }

    /// <summary>A frame as of RFC 9113, 4.1.</summary>
    private static byte[] Frame(byte type, byte flags, int id, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    private sealed record Entry(string Category, LogLevel Level, string Text);

    private sealed class Entries : ILoggerProvider
    {
        public ConcurrentQueue<Entry> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Log(categoryName, All);

        public void Dispose()
        {
            // Holds nothing.
        }
    }

    private sealed class Log(string category, ConcurrentQueue<Entry> all) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            all.Enqueue(new Entry(category, logLevel, formatter(state, exception)));
    }
}
