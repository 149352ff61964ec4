using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Control.Network;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The authorities that may issue client certificates: only those of one file, regardless of what the machine trusts.
/// </summary>
internal sealed class ClientAuthorities
{
    private readonly X509Certificate2Collection _trusted;

    private ClientAuthorities(X509Certificate2Collection trusted) => _trusted = trusted;

    /// <exception cref="ListenException">The file cannot be read or contains no certificate.</exception>
    public static ClientAuthorities Open(string path)
    {
        var trusted = new X509Certificate2Collection();
        try
        {
            trusted.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ListenException($"cannot use the client authorities {path}: {e.Message}", e);
        }

        return trusted.Count > 0
            ? new ClientAuthorities(trusted)
            : throw new ListenException($"cannot use the client authorities {path}: it has no PEM certificate");
    }

    /// <summary>Requires a certificate that one of them issued for client authentication.</summary>
    public void Require(SslServerAuthenticationOptions options)
    {
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            ApplicationPolicy = { new Oid(CertificateUsages.ClientAuthentication) },
        };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(_trusted);
    }
}
