using System.Net;
using System.Net.Mail;

namespace Gateway.Notifications.Sending;

/// <summary>
/// Where mail goes, as one address: <c>smtp://USER:PASSWORD@HOST:587/?from=gw@example.com&amp;to=ops@example.com</c>;
/// user and password are percent-encoded and may be absent, <c>to</c> may be there several times. STARTTLS is asked for
/// but with <c>&amp;tls=off</c>.
/// </summary>
/// <param name="Host">The server that takes the mail.</param>
/// <param name="Port">Its port; 587 where none is written.</param>
/// <param name="Credentials">What to sign in with; null for nothing.</param>
/// <param name="From">Who sends.</param>
/// <param name="To">Who gets it.</param>
/// <param name="IsEncrypted">Whether the connection must be.</param>
public sealed record MailTarget(
    string Host, int Port, NetworkCredential? Credentials, MailAddress From, IReadOnlyList<MailAddress> To,
    bool IsEncrypted)
{
    private const int SubmissionPort = 587;
    private const int RecipientsMax = 20;

    /// <summary>Reads it.</summary>
    /// <param name="text">As written.</param>
    /// <param name="problem">Why it is none, for the operator; null where it is one.</param>
    public static MailTarget? Read(string text, out string? problem)
    {
        problem = "The url must be smtp://USER:PASSWORD@HOST:587/?from=ADDRESS&to=ADDRESS; \"to\" may be there up to "
            + $"{RecipientsMax} times.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "smtp" || url.Host.Length == 0
            || url.AbsolutePath is not ("/" or "") || url.Fragment.Length > 0)
            return null;
        MailAddress? from = null;
        var to = new List<MailAddress>();
        var isEncrypted = true;
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right]
                ? (left, Uri.UnescapeDataString(right))
                : (pair, "");
            if (name == "tls" && value == "off")
                isEncrypted = false;
            else if (name is not ("from" or "to") || !MailAddress.TryCreate(value, out var address))
                return null;
            else if (name == "to")
                to.Add(address);
            else if (from is not null)
                return null;
            else
                from = address;
        }

        if (from is null || to.Count is 0 or > RecipientsMax)
            return null;
        problem = null;
        var credentials = url.UserInfo.Split(':', 2) is [var user, var password]
            ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
            : null;
        return new MailTarget(
            url.Host, url.IsDefaultPort || url.Port < 0 ? SubmissionPort : url.Port, credentials, from, to,
            isEncrypted);
    }
}
