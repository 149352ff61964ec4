using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Security;
using System.Text;

namespace Gateway.Notifications.Sending;

/// <summary>
/// A client for mail submission (RFC 5321, STARTTLS by RFC 3207, AUTH by RFC 4954) over an open connection. The
/// framework's <see cref="SmtpClient"/> resolves the host by itself, so the address that it connects to cannot be
/// checked.
/// </summary>
internal sealed class SmtpConnection(Stream stream) : IAsyncDisposable
{
    private const int ReplyBytesMax = 64 * 1024;
    private const int BufferBytes = 4096;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private Stream _stream = stream;
    private int _start;
    private int _end;
    private HashSet<string> _extensions = [];

    /// <summary>Reads the greeting and introduces the client; encrypts and signs in as the target says.</summary>
    /// <exception cref="SmtpException">The server refuses, or does not offer what the target requires.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public async Task OpenAsync(MailTarget target, CancellationToken cancellationToken)
    {
        Expect(220, await ReadAsync(cancellationToken));
        await IntroduceAsync(cancellationToken);
        if (target.IsEncrypted)
        {
            if (!_extensions.Contains("STARTTLS"))
                throw new SmtpException("The mail server does not support secure connections (STARTTLS).");
            Expect(220, await SendAsync("STARTTLS", cancellationToken));
            // Bytes that came before encryption may be injected (RFC 3207, 5).
            if (_start < _end)
                throw new SmtpException("The mail server sent data between STARTTLS and encryption.");
            var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
            _stream = tls;
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = target.Host }, cancellationToken);
            await IntroduceAsync(cancellationToken);
        }

        if (target.Credentials is { } credentials)
            await SignInAsync(credentials, cancellationToken);
    }

    /// <summary>Sends a message to each recipient that the server accepts.</summary>
    /// <returns>The reply for the first recipient that was refused; null when all were accepted.</returns>
    /// <exception cref="SmtpException">The server refuses the message, or every recipient.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public async Task<string?> SendAsync(
        MailAddress from, IReadOnlyList<MailAddress> to, byte[] message, CancellationToken cancellationToken)
    {
        var isUtf8 = to.Append(from).Any(static address => !Ascii.IsValid(address.User));
        if (isUtf8 && !_extensions.Contains("SMTPUTF8"))
            throw new SmtpException("The mail server does not support addresses that are not ASCII (SMTPUTF8).");
        Expect(250, await SendAsync($"MAIL FROM:<{Path(from)}>{(isUtf8 ? " SMTPUTF8" : "")}", cancellationToken));
        var refused = new List<string>();
        foreach (var address in to)
        {
            var (code, text) = await SendAsync($"RCPT TO:<{Path(address)}>", cancellationToken);
            if (code is not (250 or 251))
                refused.Add($"{address.Address}: {code} {text}");
        }

        if (refused.Count == to.Count)
            throw new SmtpException($"The mail server refuses every recipient: {refused[0]}");
        Expect(354, await SendAsync("DATA", cancellationToken));
        await _stream.WriteAsync(message, cancellationToken);
        Expect(250, await SendAsync(".", cancellationToken));
        // The message is accepted, whatever the server replies to this.
        await _stream.WriteAsync("QUIT\r\n"u8.ToArray(), cancellationToken);
        return refused.FirstOrDefault();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>Returns the address as the envelope has it, with an ASCII host.</summary>
    private static string Path(MailAddress address)
    {
        try
        {
            return $"{address.User}@{new IdnMapping().GetAscii(address.Host)}";
        }
        catch (ArgumentException e)
        {
            throw new SmtpException($"\"{address.Host}\" is not a valid host name.", e);
        }
    }

    private static void Expect(int code, (int Code, string Text) reply)
    {
        if (reply.Code != code)
            throw new SmtpException($"The mail server replied {reply.Code} {reply.Text}");
    }

    private async Task IntroduceAsync(CancellationToken cancellationToken)
    {
        var reply = await SendAsync($"EHLO {Name()}", cancellationToken);
        Expect(250, reply);
        _extensions = [.. reply.Text.ToUpperInvariant().Split('\n').Skip(1).Select(static line => line.Split(' ')[0])];
        if (reply.Text.ToUpperInvariant().Split('\n').FirstOrDefault(
            static line => line.StartsWith("AUTH ", StringComparison.Ordinal)) is { } methods)
            _extensions.UnionWith(methods.Split(' ').Skip(1).Select(static method => $"AUTH {method}"));
    }

    private async Task SignInAsync(NetworkCredential credentials, CancellationToken cancellationToken)
    {
        if (_extensions.Contains("AUTH PLAIN"))
        {
            Expect(235, await SendAsync(
                $"AUTH PLAIN {Base64($"\0{credentials.UserName}\0{credentials.Password}")}", cancellationToken));
        }
        else if (_extensions.Contains("AUTH LOGIN"))
        {
            Expect(334, await SendAsync("AUTH LOGIN", cancellationToken));
            Expect(334, await SendAsync(Base64(credentials.UserName), cancellationToken));
            Expect(235, await SendAsync(Base64(credentials.Password), cancellationToken));
        }
        else
        {
            throw new SmtpException("The mail server offers neither AUTH PLAIN nor AUTH LOGIN.");
        }
    }

    // A machine's name may hold characters that EHLO does not allow.
    private static string Name() =>
        Environment.MachineName is { Length: > 0 } name
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? name
            : "localhost";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task<(int Code, string Text)> SendAsync(string command, CancellationToken cancellationToken)
    {
        if (command.AsSpan().ContainsAny('\r', '\n'))
            throw new SmtpException("A mail address contains a line break.");
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    /// <summary>Reads one reply: its code, and the texts of its lines joined by line feeds.</summary>
    private async Task<(int Code, string Text)> ReadAsync(CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        var bytes = 0;
        while (true)
        {
            var line = await ReadLineAsync(ReplyBytesMax - bytes, cancellationToken);
            bytes += line.Length + 1;
            if (line.Length < 3 || !int.TryParse(
                line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                throw new SmtpException("The mail server's reply is not SMTP.");
            texts.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-')
                return (code, string.Join('\n', texts));
        }
    }

    private async Task<string> ReadLineAsync(int bytesMax, CancellationToken cancellationToken)
    {
        var line = new ArrayBufferWriter<byte>(128);
        while (true)
        {
            var read = _buffer.AsMemory(_start.._end);
            var end = read.Span.IndexOf((byte)'\n');
            line.Write(end < 0 ? read.Span : read.Span[..end]);
            if (line.WrittenCount > bytesMax)
                throw new SmtpException("The mail server's reply is too long.");
            if (end >= 0)
            {
                _start += end + 1;
                return Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r');
            }

            (_start, _end) = (0, await _stream.ReadAsync(_buffer, cancellationToken));
            if (_end == 0)
                throw new IOException("The mail server closed the connection.");
        }
    }
}
