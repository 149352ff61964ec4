using System.Net;
using System.Net.Mail;
using MailKit.Security;

namespace Gateway.Channels;

/// <summary>
/// The mail server, sender and recipients of a channel, as one URL:
/// <c>smtp://USER:PASSWORD@HOST:587/?from=gw@example.com&amp;to=ops@example.com</c>. User and password are
/// percent-encoded and optional; <c>to</c> can occur several times. STARTTLS is required except with
/// <c>&amp;tls=off</c>. <c>smtps://</c> encrypts from the first byte (RFC 8314). With <c>&amp;auth=xoauth2</c> the
/// password is an OAuth access token.
/// </summary>
/// <param name="Host">The mail server.</param>
/// <param name="Port">Its port; by default 587, or 465 with <c>smtps</c>.</param>
/// <param name="Credentials">Null if the server requires no sign-in.</param>
/// <param name="HasToken">True if the password is an OAuth access token.</param>
/// <param name="From">The sender.</param>
/// <param name="To">The recipients.</param>
/// <param name="Security">The encryption of the connection.</param>
internal sealed record MailTarget(
    string Host, int Port, NetworkCredential? Credentials, bool HasToken, MailAddress From,
    IReadOnlyList<MailAddress> To, SecureSocketOptions Security)
{
    private const int SubmissionPort = 587;
    private const int SecureSubmissionPort = 465;
    private const int RecipientsMax = 20;

    /// <summary>True if the connection must be encrypted.</summary>
    public bool IsEncrypted => Security != SecureSocketOptions.None;

    /// <summary>Reads the URL of a channel.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="problem">The reason, for the operator, if the URL is not valid; otherwise null.</param>
    public static MailTarget? Read(string text, out string? problem)
    {
        problem = "The url must be smtp://USER:PASSWORD@HOST:587/?from=ADDRESS&to=ADDRESS, or smtps:// for a server "
            + $"that requires TLS from the first byte; \"to\" can occur up to {RecipientsMax} times.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("smtp" or "smtps")
            || url.Host.Length == 0 || url.AbsolutePath is not ("/" or "") || url.Fragment.Length > 0)
            return null;
        var isImplicit = url.Scheme == "smtps";
        MailAddress? from = null;
        var to = new List<MailAddress>();
        var (isOff, hasToken) = (false, false);
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right]
                ? (left, Uri.UnescapeDataString(right))
                : (pair, "");
            if (name == "tls" && value == "off" && !isImplicit)
                isOff = true;
            else if (name == "auth" && value == "xoauth2")
                hasToken = true;
            else if (name is not ("from" or "to") || !MailAddress.TryCreate(value, out var address))
                return null;
            else if (name == "to")
                to.Add(address);
            else if (from is not null)
                return null;
            else
                from = address;
        }

        var credentials = url.UserInfo.Split(':', 2) is [var user, var password]
            ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
            : null;
        if (from is null || to.Count is 0 or > RecipientsMax)
            return null;
        if (hasToken && (credentials is null || isOff))
        {
            problem = "\"auth=xoauth2\" needs a user, an access token as the password, and encryption.";
            return null;
        }

        problem = null;
        var usual = isImplicit ? SecureSubmissionPort : SubmissionPort;
        return new MailTarget(
            url.Host, url.IsDefaultPort || url.Port < 0 ? usual : url.Port, credentials, hasToken, from, to,
            isOff ? SecureSocketOptions.None
                : isImplicit ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls);
    }
}
