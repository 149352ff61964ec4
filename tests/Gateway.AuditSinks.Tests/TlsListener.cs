using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace Gateway.AuditSinks.Tests;

/// <summary>Takes connections over TLS, reads each to its end, then closes as it is told to.</summary>
internal sealed class TlsListener : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Channel<(string Text, string? Client)> _read =
        Channel.CreateUnbounded<(string Text, string? Client)>();

    private readonly X509Certificate2 _certificate;
    private readonly Task _running;

    /// <param name="certificate">Its own.</param>
    /// <param name="asksForOne">Whether the client has to show a certificate.</param>
    /// <param name="address">Where it listens.</param>
    public TlsListener(TestCertificate certificate, bool asksForOne = false, string address = "127.0.0.1")
    {
        _listener = new TcpListener(IPAddress.Parse(address), 0);
        _certificate = X509Certificate2.CreateFromPemFile(certificate.Certificate, certificate.Key);
        _listener.Start();
        _running = Task.Run(() => RunAsync(asksForOne));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether it resets connections in place of closing them.</summary>
    public bool Resets { get; set; }

    /// <summary>What the next connection brought, and the name of the client's certificate.</summary>
    public async Task<(string Text, string? Client)> NextAsync() =>
        await _read.Reader.ReadAsync().AsTask().WaitAsync(Soon.AtMost);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running;
        _certificate.Dispose();
    }

    private async Task RunAsync(bool asksForOne)
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await ReadAsync(client, asksForOne);
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // A client that does not want to speak to this one.
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync(TcpClient client, bool asksForOne)
    {
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _certificate,
            ClientCertificateRequired = asksForOne,
            RemoteCertificateValidationCallback = (_, shown, _, _) => !asksForOne || shown is not null,
        });
        if (Resets)
        {
            await tls.ReadExactlyAsync(new byte[1]);
            client.Client.LingerState = new LingerOption(true, 0);
            client.Client.Close();
            return;
        }

        using var reader = new StreamReader(tls);
        var text = await reader.ReadToEndAsync();
        _read.Writer.TryWrite((text, tls.RemoteCertificate?.Subject));
    }
}
