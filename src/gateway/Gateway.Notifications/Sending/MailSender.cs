using System.Net.Mail;
using System.Security.Authentication;
using Gateway.Control.Network;
using Gateway.Mcp.Writing;
using Gateway.Notifications.Messages;

namespace Gateway.Notifications.Sending;

/// <summary>Sends mail: plain text, so that nothing of an agent's words is markup.</summary>
internal static class MailSender
{
    private const int SubjectLengthMax = 200;
    private const int ProblemLengthMax = 300;

    /// <summary>Sends one message.</summary>
    /// <param name="url">The channel's address.</param>
    /// <param name="rule">The addresses that the mail server may have.</param>
    /// <param name="told">The notification.</param>
    /// <param name="date">The time of sending.</param>
    /// <param name="connector">Opens the connection.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="IOException">The server cannot be reached, or may not be connected to.</exception>
    public static async Task<DeliveryResult> SendAsync(
        string url, AddressRule rule, Notification told, DateTimeOffset date, OutboundConnector connector,
        CancellationToken cancellationToken)
    {
        if (MailTarget.Read(url, out var problem) is not { } target)
            return new DeliveryResult(problem);
        try
        {
            await using var smtp = new SmtpConnection(
                await connector.OpenAsync(target.Host, target.Port, rule, cancellationToken));
            await smtp.OpenAsync(target, cancellationToken);
            var refused = await smtp.SendAsync(target.From, target.To, Message(target, told, date), cancellationToken);
            return refused is null ? DeliveryResult.Done : new DeliveryResult(Shown(refused));
        }
        catch (Exception e) when (e is SmtpException or AuthenticationException)
        {
            return new DeliveryResult(Shown(e.Message));
        }
    }

    // The server's own words may be in it.
    private static string Shown(string text)
    {
        var visible = VisibleText.Of(text);
        return visible.Length <= ProblemLengthMax ? visible : visible[..ProblemLengthMax];
    }

    private static byte[] Message(MailTarget target, Notification told, DateTimeOffset date)
    {
        var subject = VisibleText.Of(told.Facts is null
            ? $"{told.Grant} asks to call {told.Tool} on {told.Server}"
            : told.Reason);
        return MailText.Write(
            target, told.Id, subject.Length <= SubjectLengthMax ? subject : subject[..SubjectLengthMax],
            MessageWriter.Mail(told), date);
    }
}
