using System.Net;
using System.Net.Mail;
using System.Text;
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
    /// <param name="allowsPrivate">Whether the server may be in a private network.</param>
    /// <param name="told">What.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public static async Task<DeliveryResult> SendAsync(
        string url, bool allowsPrivate, Notification told, CancellationToken cancellationToken)
    {
        if (MailTarget.Read(url, out var problem) is not { } target)
            return new DeliveryResult(problem);
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        if (!allowsPrivate && Array.Find(addresses, static address => !GlobalAddress.Is(address)) is { } found)
            return new DeliveryResult(new PrivateAddressException(target.Host, found).Message);
        // The framework's own; MailKit would also do implicit TLS and OAuth.
        using var client = new SmtpClient(target.Host, target.Port)
        {
            EnableSsl = target.IsEncrypted,
            Credentials = target.Credentials,
        };
        using var message = Message(target, told);
        try
        {
            await client.SendMailAsync(message, cancellationToken);
            return DeliveryResult.Done;
        }
        catch (SmtpException e)
        {
            // The server's words may be in it.
            var why = VisibleText.Of(e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message);
            return new DeliveryResult(why.Length <= ProblemLengthMax ? why : why[..ProblemLengthMax]);
        }
    }

    private static MailMessage Message(MailTarget target, Notification told)
    {
        var subject = VisibleText.Of(told.Facts is null
            ? $"{told.Grant} asks to call {told.Tool} on {told.Server}"
            : told.Reason);
        var message = new MailMessage
        {
            From = target.From,
            Subject = subject.Length <= SubjectLengthMax ? subject : subject[..SubjectLengthMax],
            SubjectEncoding = Encoding.UTF8,
            Body = MessageWriter.Mail(told),
            BodyEncoding = Encoding.UTF8,
        };
        foreach (var to in target.To)
            message.To.Add(to);
        // Robots that answer mail leave this alone; the id tells one sent twice.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("Message-ID", $"<{told.Id}@{target.From.Host}>");
        return message;
    }
}
