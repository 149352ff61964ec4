using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Gateway.Notifications.Sending;

/// <summary>
/// Writes one plain-text message (RFC 5322, MIME). The body is base64, so no line is long or starts with a dot.
/// </summary>
internal static class MailText
{
    // 39 bytes become 52 characters: with the encoded word's frame and "Subject: ", a line has at most 76
    // (RFC 2047, section 2).
    private const int WordBytesMax = 39;

    /// <summary>Returns the message, each line ending in CR LF.</summary>
    /// <param name="target">The sender and the recipients.</param>
    /// <param name="id">Identifies the message, so that a repeated one is recognized.</param>
    /// <param name="subject">Any text.</param>
    /// <param name="body">Any text.</param>
    /// <param name="date">The time of sending.</param>
    public static byte[] Write(MailTarget target, string id, string subject, string body, DateTimeOffset date)
    {
        var text = new StringBuilder()
            .Append("From: ").Append(Mailbox(target.From)).Append("\r\n")
            .Append("To: ").AppendJoin(",\r\n ", target.To.Select(Mailbox)).Append("\r\n")
            .Append("Subject: ").Append(Words(subject)).Append("\r\n")
            .Append("Date: ").Append(date.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture))
            .Append(" +0000\r\n")
            .Append("Message-ID: <").Append(id).Append('@').Append(target.From.Host).Append(">\r\n")
            // Automatic responders do not reply to such a message.
            .Append("Auto-Submitted: auto-generated\r\n")
            .Append("MIME-Version: 1.0\r\n")
            .Append("Content-Type: text/plain; charset=utf-8\r\n")
            .Append("Content-Transfer-Encoding: base64\r\n\r\n")
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(body), Base64FormattingOptions.InsertLineBreaks)
                .ReplaceLineEndings("\r\n"))
            .Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Mailbox(MailAddress address) => address.DisplayName.Length == 0
        ? address.Address
        : $"{Words(address.DisplayName)} <{address.Address}>";

    /// <summary>Returns the text as encoded words (RFC 2047), which contain neither line breaks nor markup.</summary>
    private static string Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > WordBytesMax)
            {
                words.Add(Word(word));
                bytes = 0;
            }

            word.Append(rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }

        words.Add(Word(word));
        return string.Join("\r\n ", words);
    }

    private static string Word(StringBuilder word)
    {
        var encoded = $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word.ToString()))}?=";
        word.Clear();
        return encoded;
    }
}
