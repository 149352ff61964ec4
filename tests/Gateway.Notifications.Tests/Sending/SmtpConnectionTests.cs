using System.Net.Mail;

namespace Gateway.Notifications.Tests.Sending;

/// <summary>The gateway's side of a mail submission, against scripted servers.</summary>
public class SmtpConnectionTests
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
                "MAIL FROM:<gw@example.com>", "RCPT TO:<ana@example.com>", "RCPT TO:<bob@example.com>", "DATA", "text",
                ".", "QUIT",
            ],
            commands[1..]);
    }

    [Theory]
    [InlineData("PLAIN LOGIN", "AUTH PLAIN AHVzZXIAcOR3")]
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
    [InlineData("EHLO", "502 no")]
    [InlineData("EHLO", "250 mail", "AUTH PLAIN")]
    [InlineData("AUTH", "535 wrong password")]
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

        Assert.IsType<SmtpException>(error);
        Assert.Contains(
            said.Length > 0 ? said : reply is "hello" or "+50 x" ? "not SMTP" : reply, error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_delivers_to_the_others_and_names_a_recipient_that_is_refused()
    {
        var stream = new ScriptedMail(static command =>
            command.Contains("ana", StringComparison.Ordinal) ? "550 unknown" : "250 OK");
        var target = MailTarget.Read(Open, out _)!;
        await using var smtp = new SmtpConnection(stream);
        await smtp.OpenAsync(target, default);

        var refused = await smtp.SendAsync(target.From, target.To, "text\r\n"u8.ToArray(), default);

        Assert.Equal("ana@example.com: 550 unknown", refused);
        Assert.Contains(".", stream.Commands);
    }

    [Fact]
    public async Task Open_refuses_a_server_without_encryption_and_sends_no_password()
    {
        var url = Open.Replace("&tls=off", "", StringComparison.Ordinal)
            .Replace("smtp://", "smtp://user:pw@", StringComparison.Ordinal);

        var (commands, error) = await RunAsync(url, static _ => "250-mail\r\n250 AUTH PLAIN");

        Assert.Contains("secure connections", error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(commands, static command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_refuses_replies_that_were_injected_before_encryption()
    {
        var url = Open.Replace("&tls=off", "", StringComparison.Ordinal);

        var (_, error) = await RunAsync(url, static command =>
            command == "STARTTLS" ? "220 go\r\n250 injected" : "250-mail\r\n250 STARTTLS");

        Assert.Contains("between STARTTLS and encryption", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_without_end_is_bounded()
    {
        var (_, error) = await RunAsync(Open, static _ => "250-" + new string('x', 100_000));

        Assert.Contains("too long", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_ASCII_takes_a_server_that_supports_it()
    {
        var url = Open.Replace("to=ana", "to=%C3%A4na", StringComparison.Ordinal);

        var (_, without) = await RunAsync(url, static _ => "250 OK");
        var (commands, with) = await RunAsync(url, static _ => "250-mail\r\n250 SMTPUTF8");

        Assert.Contains("SMTPUTF8", without!.Message, StringComparison.Ordinal);
        Assert.Null(with);
        Assert.Contains("MAIL FROM:<gw@example.com> SMTPUTF8", commands);
    }

    [Theory]
    [InlineData("Refund\r\nBcc: x@example.com")]
    [InlineData("päckchen 😀 päckchen 😀 päckchen 😀 päckchen 😀 päckchen 😀 päckchen 😀 päckchen 😀")]
    [InlineData("")]
    public void Message_encodes_the_subject_so_that_it_adds_no_header(string subject)
    {
        var target = MailTarget.Read(Open, out _)!;

        var text = Encoding.UTF8.GetString(MailText.Write(
            target, "id-1", subject, ".\r\nBcc: y@example.com", DateTimeOffset.UnixEpoch));

        var (headers, body) = (text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)], text.Split("\r\n\r\n")[1]);
        Assert.DoesNotContain("Bcc", text, StringComparison.Ordinal);
        Assert.Contains("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n", headers, StringComparison.Ordinal);
        Assert.Contains("To: ana@example.com,\r\n bob@example.com\r\n", headers, StringComparison.Ordinal);
        Assert.All(text.Split("\r\n"), static line => Assert.InRange(line.Length, 0, 78));
        Assert.DoesNotContain(text.Split("\r\n"), static line => line.StartsWith('.'));
        Assert.Equal(".\r\nBcc: y@example.com", Encoding.UTF8.GetString(Convert.FromBase64String(body)));
        Assert.Equal(subject, string.Concat(Regex.Matches(headers, @"=\?utf-8\?B\?([^?]*)\?=")
            .Select(static word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)))));
    }

    private static async Task<(List<string> Commands, Exception? Error)> RunAsync(
        string url, Func<string, string> reply)
    {
        var target = MailTarget.Read(url, out _)!;
        var stream = new ScriptedMail(reply);
        var error = await Record.ExceptionAsync(async () =>
        {
            await using var smtp = new SmtpConnection(stream);
            await smtp.OpenAsync(target, default);
            await smtp.SendAsync(target.From, target.To, "text\r\n"u8.ToArray(), default);
        });
        return (stream.Commands, error);
    }
}
