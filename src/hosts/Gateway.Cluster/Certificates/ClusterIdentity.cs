using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Cluster.Settings;
using Gateway.Control.Network;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Cluster.Certificates;

/// <summary>The certificate of this process, its key, and the authorities from which it accepts peers.</summary>
internal sealed class ClusterIdentity
{
    private readonly X509Certificate2Collection _authorities;

    private ClusterIdentity(SslStreamCertificateContext context, X509Certificate2Collection authorities) =>
        (Context, _authorities) = (context, authorities);

    /// <summary>The certificate with its key and its intermediate certificates.</summary>
    public SslStreamCertificateContext Context { get; }

    public X509Certificate2 Certificate => Context.TargetCertificate;

    /// <summary>Reads the files and checks that peers will accept the certificate.</summary>
    /// <param name="files">The files.</param>
    /// <param name="name">The DNS name that the certificate must have.</param>
    /// <param name="isServer">True if peers connect to this process.</param>
    /// <param name="now">The current time.</param>
    /// <exception cref="SettingsException">A file cannot be used; the message names it and the remedy.</exception>
    public static ClusterIdentity Open(ClusterTlsFiles files, string name, bool isServer, DateTimeOffset now)
    {
        var authorities = ReadAuthorities(files.Authorities);
        try
        {
            var context = TlsCertificate.Open(new TlsFiles(files.Certificate, files.Key)).Offer()
                .ServerCertificateContext!;
            var identity = new ClusterIdentity(context, authorities);
            identity.CheckName(files, name);
            identity.CheckChain(files, isServer, now);
            return identity;
        }
        catch (ListenException e)
        {
            throw new SettingsException($"--cluster-cert: {e.Message}");
        }
    }

    /// <summary>Returns a policy that trusts only the authorities of the file, whatever the machine trusts.</summary>
    public X509ChainPolicy NewChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }

    /// <summary>Returns true if the certificate has this name; wildcards do not count.</summary>
    public static bool IsFor(X509Certificate2 certificate, string name) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames())
            .Contains(name, StringComparer.OrdinalIgnoreCase);

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException($"--cluster-ca: cannot read {path}: {e.Message}");
        }

        return authorities.Count > 0
            ? authorities
            : throw new SettingsException($"--cluster-ca: {path} contains no PEM certificate.");
    }

    private void CheckName(ClusterTlsFiles files, string name)
    {
        if (IsFor(Certificate, name)) return;
        throw new SettingsException(
            $"--cluster-cert: {files.Certificate} ({Certificate.Subject}) does not have the DNS name {name} in its "
            + "subjectAltName, which this --role and --cluster-id need. \"gateway-cluster certs make\" creates a "
            + "certificate that has it.");
    }

    private void CheckChain(ClusterTlsFiles files, bool isServer, DateTimeOffset now)
    {
        if (now < Certificate.NotBefore || now > Certificate.NotAfter)
        {
            throw new SettingsException(
                $"--cluster-cert: {files.Certificate} is valid from {Certificate.NotBefore.ToUniversalTime():s}Z to "
                + $"{Certificate.NotAfter.ToUniversalTime():s}Z, and the time is {now:s}Z. Replace the certificate, or "
                + "correct this machine's clock.");
        }

        using var chain = new X509Chain { ChainPolicy = NewChainPolicy() };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CertificateUsages.ClientAuthentication));
        if (isServer) chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CertificateUsages.ServerAuthentication));
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        foreach (var issuer in Context.IntermediateCertificates) chain.ChainPolicy.ExtraStore.Add(issuer);
        if (chain.Build(Certificate)) return;
        var problems = chain.ChainStatus.Select(static status => status.StatusInformation.Trim().TrimEnd('.'));
        throw new SettingsException(
            $"--cluster-cert: {files.Certificate} cannot be verified by the authorities of {files.Authorities}: "
            + $"{string.Join("; ", problems)}. Give the certificate of the authority that issued it as --cluster-ca. "
            + "The certificate of a frontend must be valid for client authentication; that of a silo also for server "
            + "authentication.");
    }
}
