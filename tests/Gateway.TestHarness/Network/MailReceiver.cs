using System.Threading.Channels;

namespace Gateway.TestHarness.Network;

/// <summary>Takes mail by SMTP (RFC 5321) without encryption, and keeps what each message was.</summary>
public sealed class MailReceiver : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<ReceivedMail> _mails = Channel.CreateUnbounded<ReceivedMail>();

    private MailReceiver() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static MailReceiver Start()
    {
        var receiver = new MailReceiver();
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
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false))
        {
            AutoFlush = true,
            NewLine = "\r\n",
        };
        await writer.WriteLineAsync("220 mail.test");
        var envelope = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            envelope.Add(line);
            if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                var text = new StringBuilder();
                while (await reader.ReadLineAsync() is { } data && data != ".")
                    text.Append(data.StartsWith('.') ? data[1..] : data).Append("\r\n");
                _mails.Writer.TryWrite(new ReceivedMail([.. envelope], text.ToString()));
            }

            await writer.WriteLineAsync(line == "QUIT" ? "221 bye" : "250 OK");
        }
    }
}
