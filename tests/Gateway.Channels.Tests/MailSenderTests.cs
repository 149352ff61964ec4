using MailKit.Security;
using MimeKit;

namespace Gateway.Channels.Tests;

/// <summary>The gateway's side of a mail submission, against scripted servers.</summary>
public class MailSenderTests
{
    private const string Open =
        "smtp://mail.example.com/?from=gw%40example.com&to=ana%40example.com&to=bob%40example.com&tls=off";

    [Fact]
    public async Task Send_delivers_to_each_recipient()
    {
        var (commands, error) = await RunAsync(Open, static _ => "250 OK");

        Assert.Null(error);
        Assert.StartsWith("EHLO ", commands[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "MAIL FROM:<gw@example.com>", "RCPT TO:<ana@example.com>", "RCPT TO:<bob@example.com>", "DATA", ".",
                "QUIT",
            ],
            commands[1..]);
    }

    [Theory]
    [InlineData("PLAIN LOGIN NTLM", "AUTH PLAIN AHVzZXIAcOR3")]
    [InlineData("LOGIN", "AUTH LOGIN|dXNlcg==|cMO8dw==")]
    public async Task Open_signs_in_with_the_method_that_the_server_offers(string offered, string expected)
    {
        var url = Open.Replace("smtp://", "smtp://user:p%C3%BCw@", StringComparison.Ordinal);
        var plain = expected.Replace("AHVzZXIAcOR3", Convert.ToBase64String(Encoding.UTF8.GetBytes("\0user\0püw")));

        var (commands, error) = await RunAsync(url, command =>
            command.StartsWith("EHLO", StringComparison.Ordinal) ? $"250-mail\r\n250-SIZE 1000\r\n250 AUTH {offered}"
            : command is "AUTH LOGIN" or "dXNlcg==" ? "334 bmV4dA=="
            : command.StartsWith("AUTH PLAIN", StringComparison.Ordinal) || command == "cMO8dw==" ? "235 OK"
            : "250 OK");

        Assert.Null(error);
        Assert.Equal(plain.Split('|'), commands[1..(1 + plain.Split('|').Length)]);
    }

    [Theory]
    [InlineData("EHLO", "502 no", "AUTH SCRAM-SHA-512")]
    [InlineData("EHLO", "250 mail", "AUTH SCRAM-SHA-512")]
    [InlineData("EHLO", "250-mail\r\n250 AUTH NTLM GSSAPI", "none of the methods AUTH")]
    [InlineData("AUTH", "535 wrong password", "535: wrong password")]
    [InlineData("MAIL", "550 not you")]
    [InlineData("RCPT", "550 nobody")]
    [InlineData("DATA", "451 later")]
    [InlineData(".", "554 spam")]
    [InlineData("MAIL", "hello")]
    [InlineData("MAIL", "+50 x")]
    public async Task Send_reports_what_the_server_refuses(string at, string reply, string said = "")
    {
        var url = Open.Replace("smtp://", "smtp://user:pw@", StringComparison.Ordinal);

        var (_, error) = await RunAsync(url, command =>
            command.StartsWith(at, StringComparison.Ordinal) ? reply
            : command.StartsWith("EHLO", StringComparison.Ordinal) ? "250-mail\r\n250 AUTH PLAIN"
            : command.StartsWith("AUTH", StringComparison.Ordinal) ? "235 OK"
            : "250 OK");

        Assert.Contains(
            said.Length > 0 ? said : reply is "hello" or "+50 x" ? "parse status code" : reply, error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_delivers_to_the_others_and_names_a_recipient_that_is_refused()
    {
        var (commands, error) = await RunAsync(Open, static command =>
            command.Contains("ana", StringComparison.Ordinal) ? "550 unknown" : "250 OK");

        Assert.Equal("ana@example.com: 550 unknown", error);
        Assert.Contains(".", commands);
    }

    [Fact]
    public async Task Send_is_done_once_the_message_is_accepted_whatever_the_server_replies_to_quit()
    {
        var (_, error) = await RunAsync(Open, static command => command == "QUIT" ? "500 no" : "250 OK");

        Assert.Null(error);
    }

    [Theory]
    [InlineData("PLAIN XOAUTH2", "AUTH XOAUTH2 ", "user=user\u0001auth=Bearer pw\u0001\u0001")]
    [InlineData("OAUTHBEARER", "AUTH OAUTHBEARER ", "n,a=user,\u0001host=mail.example.com")]
    public async Task A_token_is_sent_by_XOAUTH2_or_OAUTHBEARER(string offered, string command, string said)
    {
        var url = Open.Replace("smtp://", "smtp://user:pw@", StringComparison.Ordinal)
            .Replace("tls=off", "auth=xoauth2", StringComparison.Ordinal);
        // The stream stands for one that is encrypted already.
        var target = MailTarget.Read(url, out _)! with { Security = SecureSocketOptions.None };

        var (commands, error) = await RunAsync(target, text =>
            text.StartsWith("EHLO", StringComparison.Ordinal) ? $"250-mail\r\n250 AUTH {offered}"
            : text.StartsWith("AUTH", StringComparison.Ordinal) ? "235 OK" : "250 OK");

        Assert.Null(error);
        var sent = Assert.Single(commands, text => text.StartsWith(command, StringComparison.Ordinal));
        Assert.StartsWith(said, Encoding.UTF8.GetString(Convert.FromBase64String(sent[command.Length..])));
    }

    [Fact]
    public async Task A_token_is_not_sent_as_a_password()
    {
        var url = Open.Replace("smtp://", "smtp://user:pw@", StringComparison.Ordinal)
            .Replace("tls=off", "auth=xoauth2", StringComparison.Ordinal);
        var target = MailTarget.Read(url, out _)! with { Security = SecureSocketOptions.None };

        var (commands, error) = await RunAsync(target, static _ => "250-mail\r\n250 AUTH PLAIN LOGIN");

        Assert.Contains("XOAUTH2", error, StringComparison.Ordinal);
        Assert.DoesNotContain(commands, static command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("smtp://h/?from=a%40b.c&to=a%40b.c", 587, SecureSocketOptions.StartTls)]
    [InlineData("smtp://h:25/?from=a%40b.c&to=a%40b.c&tls=off", 25, SecureSocketOptions.None)]
    [InlineData("smtps://h/?from=a%40b.c&to=a%40b.c", 465, SecureSocketOptions.SslOnConnect)]
    [InlineData("smtps://u:t@h:2465/?from=a%40b.c&to=a%40b.c&auth=xoauth2", 2465, SecureSocketOptions.SslOnConnect)]
    public void Url_chooses_port_and_encryption(string url, int port, SecureSocketOptions security)
    {
        var target = MailTarget.Read(url, out var problem);

        Assert.Null(problem);
        Assert.Equal((port, security), (target!.Port, target.Security));
    }

    [Theory]
    [InlineData("smtps://h/?from=a%40b.c&to=a%40b.c&tls=off")]
    [InlineData("smtp://h/?from=a%40b.c&to=a%40b.c&auth=xoauth2")]
    [InlineData("smtp://u:t@h/?from=a%40b.c&to=a%40b.c&auth=xoauth2&tls=off")]
    [InlineData("smtp://u:t@h/?from=a%40b.c&to=a%40b.c&auth=ntlm")]
    public void Url_that_contradicts_itself_is_refused(string url)
    {
        Assert.Null(MailTarget.Read(url, out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public async Task Open_refuses_a_server_without_encryption_and_sends_no_password()
    {
        var url = Open.Replace("&tls=off", "", StringComparison.Ordinal)
            .Replace("smtp://", "smtp://user:pw@", StringComparison.Ordinal);

        var (commands, error) = await RunAsync(url, static _ => "250-mail\r\n250 AUTH PLAIN");

        Assert.Contains("secure connections", error, StringComparison.Ordinal);
        Assert.DoesNotContain(commands, static command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 1_000_000)]
    [InlineData(100_000, 10)]
    public async Task A_reply_without_end_is_bounded(int lines, int length)
    {
        var reply = string.Concat(Enumerable.Repeat($"250-{new string('x', length)}\r\n", lines));

        await Assert.ThrowsAsync<IOException>(() => RunAsync(Open, _ => reply));
    }

    [Fact]
    public async Task An_address_that_is_not_ASCII_takes_a_server_that_supports_it()
    {
        var url = Open.Replace("to=ana", "to=%C3%A4na", StringComparison.Ordinal);

        var (_, without) = await RunAsync(url, static _ => "250 OK");
        var (commands, with) = await RunAsync(url, static _ => "250-mail\r\n250 SMTPUTF8");

        Assert.Contains("SMTPUTF8", without, StringComparison.Ordinal);
        Assert.Null(with);
        Assert.Contains("MAIL FROM:<gw@example.com> SMTPUTF8", commands);
    }

    [Theory]
    [InlineData("Refund\r\nBcc: x@example.com", "RefundBcc: x@example.com")]
    [InlineData("päckchen 😀 päckchen 😀 päckchen 😀 päckchen 😀 päckchen 😀 päckchen 😀 päckchen 😀", null)]
    [InlineData("=?utf-8?B?aGVsbG8=?= x", "= ?utf-8?B?aGVsbG8= ?= x")]
    [InlineData("", null)]
    public void Message_encodes_the_subject_so_that_it_adds_no_header(string subject, string? shown)
    {
        var target = MailTarget.Read(Open, out _)!;

        using var message = MailText.Write(
            target, "id-1", subject, ".\r\nBcc: y@example.com", DateTimeOffset.UnixEpoch);
        using var bytes = new MemoryStream();
        message.WriteTo(bytes);
        var text = Encoding.ASCII.GetString(bytes.ToArray()).ReplaceLineEndings("\r\n");

        using var read = MimeMessage.Load(new MemoryStream(bytes.ToArray()));
        Assert.Equal(shown ?? subject, read.Subject);
        Assert.Empty(read.Bcc);
        Assert.Equal(".\r\nBcc: y@example.com", read.TextBody!.ReplaceLineEndings("\r\n"));
        Assert.Equal(DateTimeOffset.UnixEpoch, read.Date);
        Assert.Equal("id-1@example.com", read.MessageId);
        Assert.Equal(["ana@example.com", "bob@example.com"], read.To.Mailboxes.Select(static to => to.Address));
        Assert.Contains("Auto-Submitted: auto-generated\r\n", text, StringComparison.Ordinal);
        Assert.All(text.Split("\r\n"), static line => Assert.InRange(line.Length, 0, 100));
        Assert.DoesNotContain(text.Split("\r\n"), static line => line.StartsWith('.'));
    }

    private static Task<(List<string> Commands, string? Error)> RunAsync(string url, Func<string, string> reply) =>
        RunAsync(MailTarget.Read(url, out _)!, reply);

    private static async Task<(List<string> Commands, string? Error)> RunAsync(
        MailTarget target, Func<string, string> reply)
    {
        var stream = new ScriptedMail(reply);
        using var message = MailText.Write(target, "id", "subject", "text", DateTimeOffset.UnixEpoch);
        var result = await MailSender.SendAsync(stream, target, message, TimeProvider.System, default);
        return (stream.Commands, result.Problem);
    }
}
