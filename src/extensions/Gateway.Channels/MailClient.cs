using System.Globalization;
using System.Net;
using System.Net.Security;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Gateway.Channels;

/// <summary>MailKit's client, with the certificate and recipient rules of channels.</summary>
internal sealed class MailClient : SmtpClient
{
    // Challenge-response and plain methods; NTLM and GSSAPI would authenticate the machine's own account.
    private static readonly string[] Methods = ["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN", "LOGIN"];

    private static readonly string[] TokenMethods = ["XOAUTH2", "OAUTHBEARER"];

    private static readonly TimeSpan QuitWait = TimeSpan.FromSeconds(2);

    private readonly List<string> _refused = [];

    public MailClient()
    {
        // The default would accept some expired certificates of large providers.
        ServerCertificateValidationCallback = (_, _, chain, errors) =>
        {
            CertificateProblem = errors == SslPolicyErrors.None ? null
                : string.Join(", ", [$"{errors}", .. chain?.ChainStatus.Select(static one => $"{one.Status}") ?? []]);
            return CertificateProblem is null;
        };
        // A revocation list would be fetched from an unchecked address.
        CheckCertificateRevocation = false;
        // The default is the address of the connection, which would disclose the network. A machine's name may contain
        // characters that EHLO does not allow.
        LocalDomain = Environment.MachineName is { Length: > 0 } name
            && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') ? name : "localhost";
    }

    /// <summary>The reason why the certificate was refused.</summary>
    public string? CertificateProblem { get; private set; }

    /// <summary>The reply for the first recipient that the server refused; null if it accepted all.</summary>
    public string? Refused => _refused.FirstOrDefault();

    /// <summary>Uses the open connection, and encrypts it as the target requires.</summary>
    /// <returns>False if the server does not offer STARTTLS.</returns>
    public async Task<bool> TryConnectAsync(Stream stream, MailTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(stream, target.Host, target.Port, target.Security, cancellationToken);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Signs in with a method that both sides support.</summary>
    public Task SignInAsync(NetworkCredential credentials, bool hasToken, CancellationToken cancellationToken)
    {
        var methods = hasToken ? TokenMethods : Methods;
        AuthenticationMechanisms.IntersectWith(methods);
        if (AuthenticationMechanisms.Count == 0)
        {
            throw new NotSupportedException(
                $"The mail server supports none of the methods AUTH {string.Join(", ", methods)}.");
        }

        return !hasToken ? AuthenticateAsync(credentials, cancellationToken)
            : AuthenticationMechanisms.Contains("XOAUTH2")
                ? AuthenticateAsync(new SaslMechanismOAuth2(credentials), cancellationToken)
                : AuthenticateAsync(new SaslMechanismOAuthBearer(credentials), cancellationToken);
    }

    /// <summary>Quits after the message was accepted, so no reply to this is a failure.</summary>
    public async Task QuitAsync(TimeProvider time)
    {
        using var wait = new CancellationTokenSource(QuitWait, time);
        try
        {
            await DisconnectAsync(quit: true, wait.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The connection is closed in any case.
        }
    }

    protected override void OnRecipientNotAccepted(
        MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        _refused.Add(string.Create(
            CultureInfo.InvariantCulture, $"{mailbox.Address}: {(int)response.StatusCode} {response.Response}"));

    protected override void OnNoRecipientsAccepted(MimeMessage message) => throw new SmtpCommandException(
        SmtpErrorCode.RecipientNotAccepted, SmtpStatusCode.MailboxUnavailable,
        Refused!);
}
