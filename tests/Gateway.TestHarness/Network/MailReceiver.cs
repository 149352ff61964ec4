using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace Gateway.TestHarness.Network;

/// <summary>
/// A mail server (RFC 5321) that keeps each message. It encrypts only if it has a certificate, after STARTTLS
/// (RFC 3207) or from the first byte (RFC 8314), and then also offers AUTH.
/// </summary>
public sealed class MailReceiver : IDisposable
{
    private readonly X509Certificate2? _certificate;
    private readonly bool _isImplicit;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<ReceivedMail> _mails = Channel.CreateUnbounded<ReceivedMail>();

    private MailReceiver(X509Certificate2? certificate, bool isImplicit)
    {
        (_certificate, _isImplicit) = (certificate, isImplicit);
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that follow the reply to STARTTLS in the same packet, before encryption.</summary>
    public string Injected { get; init; } = "";

    public static MailReceiver Start(
        X509Certificate2? certificate = null, bool isImplicit = false, string injected = "")
    {
        var receiver = new MailReceiver(certificate, isImplicit) { Injected = injected };
        _ = receiver.AcceptAsync();
        return receiver;
    }

    public async Task<ReceivedMail> NextAsync() => await _mails.Reader.ReadAsync().AsTask().WaitAsync(Soon.AtMost);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        Stream stream = client.GetStream();
        var envelope = new List<string>();
        try
        {
            if (_isImplicit)
                stream = await EncryptAsync(stream, envelope);
            await WriteAsync(stream, "220 mail.test\r\n");
            while (await ReadLineAsync(stream) is { } line)
            {
                envelope.Add(line);
                switch (line.Split(' ')[0])
                {
                    case "EHLO":
                        await WriteAsync(stream, Offered(stream is SslStream));
                        break;
                    case "STARTTLS" when _certificate is not null:
                        await WriteAsync(stream, $"220 go\r\n{Injected}");
                        stream = await EncryptAsync(stream, envelope);
                        break;
                    case "AUTH":
                        await WriteAsync(stream, "235 OK\r\n");
                        break;
                    case "DATA":
                        await WriteAsync(stream, "354 go on\r\n");
                        var text = new StringBuilder();
                        while (await ReadLineAsync(stream) is { } data && data != ".")
                            text.Append(data.StartsWith('.') ? data[1..] : data).Append("\r\n");
                        _mails.Writer.TryWrite(new ReceivedMail([.. envelope], text.ToString()));
                        await WriteAsync(stream, "250 OK\r\n");
                        break;
                    default:
                        await WriteAsync(stream, line == "QUIT" ? "221 bye\r\n" : "250 OK\r\n");
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // The client refused the certificate, or disconnected.
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    private string Offered(bool isEncrypted) => _certificate is null ? "250 OK\r\n"
        : isEncrypted ? "250-mail\r\n250 AUTH PLAIN XOAUTH2\r\n" : "250-mail\r\n250 STARTTLS\r\n";

    private async Task<Stream> EncryptAsync(Stream stream, List<string> envelope)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(_certificate!);
        envelope.Add("(encrypted)");
        return tls;
    }

    private static async Task WriteAsync(Stream stream, string text) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    // Byte by byte, because the bytes after STARTTLS belong to the handshake.
    private static async Task<string?> ReadLineAsync(Stream stream)
    {
        var (line, one) = (new List<byte>(), new byte[1]);
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }
}
