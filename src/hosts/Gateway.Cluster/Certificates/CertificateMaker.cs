using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Control.Network;

namespace Gateway.Cluster.Certificates;

/// <summary>
/// Creates the certificates of a fleet in a folder: an authority, and from it one certificate for silos and one for
/// frontends. An existing authority is reused, which is how certificates are renewed.
/// </summary>
internal sealed class CertificateMaker(string folder, PeerNames names, TimeProvider time)
{
    /// <summary>
    /// Lifetime of an authority, longer than that of its certificates: replacing it affects every process of the fleet.
    /// </summary>
    private static readonly TimeSpan AuthorityAge = TimeSpan.FromDays(3650);

    /// <summary>
    /// Offset of the start of validity: clocks in a fleet differ, and a certificate is used as soon as it is created.
    /// </summary>
    private static readonly TimeSpan Earlier = TimeSpan.FromMinutes(10);

    private static readonly Oid Server = new(CertificateUsages.ServerAuthentication);
    private static readonly Oid Client = new(CertificateUsages.ClientAuthentication);

    /// <summary>Creates the certificates.</summary>
    /// <param name="age">Validity of the silos' and frontends' certificates.</param>
    /// <returns>The written files, in that order.</returns>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="CryptographicException">The authority in the folder cannot be used.</exception>
    public IReadOnlyList<string> Make(TimeSpan age)
    {
        Directory.CreateDirectory(folder);
        var written = new List<string>();
        using var authority = OpenAuthority(written);
        Issue(authority, "silo", names.Silo, [Server, Client], age, written);
        Issue(authority, "frontend", names.Frontend, [Client], age, written);
        return written;
    }

    private X509Certificate2 OpenAuthority(List<string> written)
    {
        var (certificatePath, keyPath) = (PathOf("ca.crt"), PathOf("ca.key"));
        if (File.Exists(certificatePath)) return X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            $"CN=policy-gateway fleet {names.ClusterId}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        var authority = request.CreateSelfSigned(now - Earlier, now + AuthorityAge);
        Write(certificatePath, authority.ExportCertificatePem(), isSecret: false, written);
        Write(keyPath, key.ExportPkcs8PrivateKeyPem(), isSecret: true, written);
        return authority;
    }

    private void Issue(
        X509Certificate2 authority, string role, string name, Oid[] usages, TimeSpan age, List<string> written)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={role}", key, HashAlgorithmName.SHA256);
        var subject = new SubjectAlternativeNameBuilder();
        subject.AddDnsName(name);
        request.CertificateExtensions.Add(subject.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages], false));
        var now = time.GetUtcNow();
        var until = now + age < authority.NotAfter ? now + age : authority.NotAfter;
        using var issued = request.Create(authority, now - Earlier, until, RandomNumberGenerator.GetBytes(16));
        Write(PathOf(role + ".crt"), issued.ExportCertificatePem(), isSecret: false, written);
        Write(PathOf(role + ".key"), key.ExportPkcs8PrivateKeyPem(), isSecret: true, written);
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Replaces the file atomically, so that no process reads a part of it.</summary>
    private static void Write(string path, string text, bool isSecret, List<string> written)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            options.UnixCreateMode = isSecret ? Own : Own | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        }

        var next = path + ".new";
        File.Delete(next);
        using (var file = new StreamWriter(next, options)) file.WriteLine(text);
        File.Move(next, path, overwrite: true);
        written.Add(path);
    }
}
