using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.TestHarness.Network;

/// <summary>A certificate for 127.0.0.1 with its key, in two PEM files as cert-manager writes them.</summary>
public sealed class TestCertificate(string folder, string name = "tls")
{
    public string Certificate { get; } = Path.Combine(folder, name + ".crt");

    public string Key { get; } = Path.Combine(folder, name + ".key");

    /// <summary>Writes a new certificate over the old one.</summary>
    /// <returns>The value that identifies it.</returns>
    public string Write(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(90));
        File.WriteAllText(Certificate, made.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        return made.Subject;
    }

    /// <summary>Accepts a self-signed certificate, but its name must match.</summary>
    public static bool IsForHere(SslPolicyErrors errors) =>
        !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);

    /// <summary>Returns a handler that reports the certificate which the server presented.</summary>
    public static SocketsHttpHandler Handler(Action<string>? shown = null) => new()
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                shown?.Invoke(certificate!.Subject);
                return IsForHere(errors);
            },
        },
    };
}
