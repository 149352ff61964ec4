using System.Text;
using Gateway.Control.Network;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Notifications.Outbox;
using Gateway.Limits.Model;
using Gateway.Mcp.Writing;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Gateway.Channels;

/// <summary>A sender of plain-text mail, so that an agent's text is never interpreted as markup.</summary>
internal static class MailSender
{
    private const int SubjectLengthMax = 200;
    private const int ProblemLengthMax = 300;
    private const int ReplyBytesMax = 256 * 1024;

    /// <summary>Sends one message.</summary>
    /// <param name="url">The channel's address.</param>
    /// <param name="rule">The addresses that the mail server may have.</param>
    /// <param name="told">The notification.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="connector">Opens the connection.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="IOException">The server cannot be reached, or its address is not allowed.</exception>
    public static async Task<DeliveryResult> SendAsync(
        string url, AddressRule rule, Notification told, ProcessClock clock, OutboundConnector connector,
        CancellationToken cancellationToken)
    {
        if (MailTarget.Read(url, out var problem) is not { } target)
            return new DeliveryResult(problem);
        var stream = await connector.OpenAsync(target.Host, target.Port, rule, cancellationToken);
        var date = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        return await SendAsync(stream, target, Message(target, told, date), clock.Timers, cancellationToken);
    }

    /// <summary>Sends a message over an open connection, which is closed at the end.</summary>
    internal static async Task<DeliveryResult> SendAsync(
        Stream stream, MailTarget target, MimeMessage message, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var bounded = new BoundedStream(stream, ReplyBytesMax);
        using var smtp = new MailClient();
        try
        {
            if (!await smtp.TryConnectAsync(bounded, target, cancellationToken))
                return new DeliveryResult("The mail server does not support secure connections (STARTTLS).");
            if (target.Credentials is { } credentials)
                await smtp.SignInAsync(credentials, target.HasToken, cancellationToken);
            if (!smtp.Capabilities.HasFlag(SmtpCapabilities.UTF8)
                && target.To.Append(target.From).Any(static address => !Ascii.IsValid(address.User)))
                return new DeliveryResult("The mail server does not support addresses that are not ASCII (SMTPUTF8).");
            await smtp.SendAsync(message, cancellationToken);
        }
        catch (SslHandshakeException e) when (cancellationToken.IsCancellationRequested)
        {
            // MailKit reports a canceled handshake as a failed one.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is SmtpCommandException or ProtocolException or AuthenticationException
            or SslHandshakeException or NotSupportedException)
        {
            return new DeliveryResult(Shown(Text(e, smtp)));
        }

        await smtp.QuitAsync(time);
        return smtp.Refused is { } refused ? new DeliveryResult(Shown(refused)) : DeliveryResult.Done;
    }

    private static string Text(Exception e, MailClient smtp) => e switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } =>
            $"The mail server refused all recipients; the first was {e.Message}",
        SmtpCommandException refused => $"The mail server replied {(int)refused.StatusCode} {e.Message}",
        AuthenticationException => $"The mail server refused the sign-in: {e.Message}",
        // The library's own text explains at length how to turn validation off.
        SslHandshakeException when smtp.CertificateProblem is { } problem =>
            $"No secure connection: the mail server's certificate is not valid: {problem}",
        SslHandshakeException { InnerException: { } inner } => $"No secure connection: {inner.Message}",
        _ => e.Message,
    };

    // The text may contain the server's own words.
    private static string Shown(string text)
    {
        var visible = VisibleText.Of(text);
        return visible.Length <= ProblemLengthMax ? visible : visible[..ProblemLengthMax];
    }

    private static MimeMessage Message(MailTarget target, Notification told, DateTimeOffset date)
    {
        var subject = VisibleText.Of(told.Facts is null
            ? $"{told.Grant} wants to call {told.Tool} on {told.Server}"
            : told.Reason);
        return MailText.Write(
            target, told.Id, subject.Length <= SubjectLengthMax ? subject : subject[..SubjectLengthMax],
            MessageWriter.Mail(told), date);
    }
}
