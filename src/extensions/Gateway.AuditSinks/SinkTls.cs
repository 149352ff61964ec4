using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Audit.Shipping;

namespace Gateway.AuditSinks;

/// <summary>TLS towards a sink; its files are read anew, so that what was replaced is taken up.</summary>
internal static class SinkTls
{
    /// <summary>What a connection to the sink is made with.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file holds no certificate or key.</exception>
    public static SslClientAuthenticationOptions Read(AuditSinkOptions options, string host) => new()
    {
        TargetHost = host,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = options.CaFile is { } ca ? Trust(ca) : null,
        ClientCertificateContext = options is { CertificateFile: { } certificate, KeyFile: { } key }
            ? Own(certificate, key)
            : null,
    };

    private static X509ChainPolicy Trust(string path)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(path);
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new CryptographicException($"{path} holds no certificate as PEM");
    }

    private static SslStreamCertificateContext Own(string certificate, string key)
    {
        using var pair = X509Certificate2.CreateFromPemFile(certificate, key);
        // Through PKCS #12: elsewhere than on Linux, TLS takes no key that is in memory only.
        var own = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }
}
