using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Audit.Shipping;

namespace Gateway.AuditSinks;

/// <summary>
/// TLS settings for a sink. The files are read for each connection, so that replaced files take effect.
/// </summary>
internal static class SinkTls
{
    /// <summary>Returns the settings for a connection to the sink.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file contains no certificate or key.</exception>
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
            : throw new CryptographicException($"{path} contains no PEM certificate");
    }

    private static SslStreamCertificateContext Own(string certificate, string key)
    {
        using var pair = X509Certificate2.CreateFromPemFile(certificate, key);
        // Convert through PKCS #12: except on Linux, TLS does not accept a key that exists only in memory.
        var own = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }
}
