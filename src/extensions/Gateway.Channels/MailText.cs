using MimeKit;

namespace Gateway.Channels;

/// <summary>A writer for one plain-text message. The body is base64, so no line is long or starts with a dot.</summary>
internal static class MailText
{
    /// <summary>Returns the message.</summary>
    /// <param name="target">The sender and the recipients.</param>
    /// <param name="id">Identifies the message, so that a repeated one is recognized.</param>
    /// <param name="subject">Any text.</param>
    /// <param name="body">Any text.</param>
    /// <param name="date">The time of sending.</param>
    public static MimeMessage Write(MailTarget target, string id, string subject, string body, DateTimeOffset date)
    {
        var message = new MimeMessage
        {
            Date = date,
            MessageId = $"{id}@{target.From.Host}",
            // MimeKit sends ASCII unchanged, and a reader would decode an encoded word (RFC 2047) in an agent's text.
            Subject = subject.Replace("=?", "= ?", StringComparison.Ordinal),
            Body = new TextPart("plain") { Text = body, ContentTransferEncoding = ContentEncoding.Base64 },
        };
        message.From.Add(new MailboxAddress(target.From.DisplayName, target.From.Address));
        message.To.AddRange(target.To.Select(static to => new MailboxAddress(to.DisplayName, to.Address)));
        // Automatic responders do not reply to such a message.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
