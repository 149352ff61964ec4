using Gateway.Control.Documents;
using Gateway.Control.Network;
using Gateway.Hosting.Running;
using Gateway.Limits.Model;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Channels.Tests;

/// <summary>A mail server that accepts the connection and stops replying.</summary>
public sealed class SilentMailTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new("gateway-silent-mail-");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-03-02T10:00:00Z"));
    private GatewayHost _host = null!;
    private Task? _server;

    /// <summary>The first command without a reply; "" for a server that does not even greet, null for none.</summary>
    private string? _silentAt;

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions { DataDirectory = _folder.Path, Listen = ["http://127.0.0.1:0"], Quiet = true },
            CancellationToken.None);
        _listener.Start();
        _server = ServeAsync();
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _server!.WaitAsync(Soon.AtMost);
        await _host.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("EHLO")]
    [InlineData("STARTTLS")]
    [InlineData("TLS")]
    [InlineData("MAIL")]
    [InlineData(".")]
    public async Task Send_to_a_silent_server_ends_at_the_time_limit_and_the_next_message_is_delivered(string silentAt)
    {
        _silentAt = silentAt;
        var store = _host.Services.GetRequiredService<ChannelStore>();
        using var sender = new ChannelSender(store, new ProcessClock(_time), OutboundConnector.Default);
        var tls = silentAt is "STARTTLS" or "TLS" ? "" : "&tls=off";
        var documents = await _host.Services.GetRequiredService<IControlStore>().ReadAsync(CancellationToken.None);
        var sending = SendAsync(tls);
        await Soon.UntilAsync(
            () => _commands.Any(command => command.StartsWith(silentAt, StringComparison.Ordinal)),
            "the server receives the last command that it does not answer");

        _time.Advance(DeliveryTries.TimeLimit - TimeSpan.FromMilliseconds(1));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("no response within 15 s", (await sending.WaitAsync(Soon.AtMost)).Problem);
        _silentAt = null;
        Assert.Null((await SendAsync("&tls=off").WaitAsync(Soon.AtMost)).Problem);

        async Task<DeliveryResult> SendAsync(string security)
        {
            var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            var url = $"smtp://127.0.0.1:{port}/?from=gw%40example.com&to=ops%40example.com{security}";
            var channel = await ChannelSenderTests.ChannelAsync(store, ChannelKind.Email, url, allowsPrivate: true);
            return await sender.SendAsync(channel, ChannelSenderTests.Asked, documents, CancellationToken.None);
        }
    }

    /// <summary>Serves one connection after the other, until the listener is disposed.</summary>
    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        await ReplyAsync("", "220 mail.test");
        var isMessage = false;
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (isMessage && line != ".")
                    continue;
                isMessage = line == "DATA";
                await ReplyAsync(line, isMessage ? "354 go"
                    : line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-mail.test\r\n250 STARTTLS"
                    : line == "STARTTLS" ? "220 go" : "250 OK");
                if (line == "STARTTLS" && _silentAt == "TLS")
                {
                    _commands.Enqueue("TLS");
                    // What follows are no lines, and a line end among its bytes must not get a reply.
                    await client.GetStream().CopyToAsync(Stream.Null);
                    return;
                }
            }
        }
        catch (IOException)
        {
            // The gateway has reset the connection.
        }

        async Task ReplyAsync(string command, string reply)
        {
            _commands.Enqueue(command);
            if (_silentAt is { } silent && (silent.Length == 0 || command.StartsWith(silent, StringComparison.Ordinal)))
                return;
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n"));
        }
    }
}
