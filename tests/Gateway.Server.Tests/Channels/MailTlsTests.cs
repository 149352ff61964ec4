using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Server.Tests.Channels;

/// <summary>Mail over TLS, sent by a process that trusts the certificate of the mail server, or does not.</summary>
public sealed class MailTlsTests : IDisposable
{
    private const string AdminKey = "admin-key-of-this-test";
    private const string Addresses = "from=gateway%40example.com&to=ana%40example.com";
    private readonly TestFolder _folder = new("gateway-mail-");

    public void Dispose() => _folder.Dispose();

    [UnixTheory]
    [InlineData("smtp://user:p%C3%BCw@localhost", "", "AUTH PLAIN AHVzZXIAcMO8dw==")]
    [InlineData("smtps://user:p%C3%BCw@localhost", "", "AUTH PLAIN AHVzZXIAcMO8dw==")]
    [InlineData("smtp://user:token@localhost", "&auth=xoauth2", "AUTH XOAUTH2 ")]
    [InlineData("smtps://user:token@localhost", "&auth=xoauth2", "AUTH XOAUTH2 ")]
    public async Task Password_and_token_are_sent_after_encryption_only(string server, string more, string signIn)
    {
        var (path, certificate) = Certificate();
        using var _ = certificate;
        using var mails = MailReceiver.Start(
            certificate, isImplicit: server.StartsWith("smtps", StringComparison.Ordinal));

        var output = await TestAsync($"{server}:{mails.Port}/?{Addresses}{more}", path);

        Assert.Contains("accepted the message", output, StringComparison.Ordinal);
        var mail = await mails.NextAsync();
        var envelope = mail.Envelope.ToList();
        var encrypted = envelope.IndexOf("(encrypted)");
        Assert.InRange(encrypted, 0, 100);
        Assert.InRange(
            envelope.FindIndex(line => line.StartsWith(signIn, StringComparison.Ordinal)), encrypted + 1, 100);
        Assert.DoesNotContain(
            envelope.Take(encrypted), static line => line.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.Contains("RCPT TO:<ana@example.com>", mail.Envelope);
    }

    [UnixTheory]
    [InlineData("smtp://user:pw@localhost", true)]
    [InlineData("smtps://user:pw@localhost", true)]
    [InlineData("smtp://user:pw@localhost", false)]
    [InlineData("smtps://user:pw@localhost", false)]
    public async Task Certificate_that_is_untrusted_or_for_another_name_is_refused(string server, bool isUntrusted)
    {
        var (path, certificate) = Certificate(isUntrusted ? "localhost" : "mail.example.com");
        using var _ = certificate;
        using var mails = MailReceiver.Start(
            certificate, isImplicit: server.StartsWith("smtps", StringComparison.Ordinal));

        var output = await TestAsync($"{server}:{mails.Port}/?{Addresses}", isUntrusted ? null : path);

        Assert.Contains("No secure connection", output, StringComparison.Ordinal);
        Assert.Contains(
            isUntrusted ? "UntrustedRoot" : "RemoteCertificateNameMismatch", output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Replies_before_encryption_are_not_taken_for_replies_after_it()
    {
        var (path, certificate) = Certificate();
        using var _ = certificate;
        using var mails = MailReceiver.Start(
            certificate, injected: "250-mail\r\n250 AUTH LOGIN\r\n334 VXNlcm5hbWU6\r\n");

        var output = await TestAsync($"smtp://user:pw@localhost:{mails.Port}/?{Addresses}", path);

        // Either the connection ends, or the injected replies are dropped: the client never uses LOGIN.
        if (output.Contains("accepted the message", StringComparison.Ordinal))
        {
            var mail = await mails.NextAsync();
            Assert.Contains(mail.Envelope, static line => line.StartsWith("AUTH PLAIN", StringComparison.Ordinal));
        }
    }

    private (string Path, X509Certificate2 Certificate) Certificate(string name = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var path = Path.Combine(_folder.Path, "mail.pem");
        File.WriteAllText(path, made.ExportCertificatePem());
        return (path, made);
    }

    private async Task<string> TestAsync(string url, string? trusted)
    {
        var config = TestConfig.Write(
            _folder.Path, "http://127.0.0.1:1/mcp", """{ "version": "1", "default": "allow" }""",
            $$""", "admin": { "key": "{{AdminKey}}" }""");
        var environment = trusted is null ? [] : new Dictionary<string, string> { ["SSL_CERT_FILE"] = trusted };
        await using var gateway = await GatewayProcess.StartAsync(
            config, Path.Combine(_folder.Path, "data"), environment);
        var cli = new Cli(_folder.Path, gateway.Address, AdminKey);
        var added = await cli.RunAsync("channel", "add", "mail", "--kind", "email", "--allow-private", "--url", url);
        Assert.True(added.ExitCode == 0, added.Errors);
        var tried = await cli.RunAsync("channel", "test", "mail");
        return tried.Output + tried.Errors;
    }
}
