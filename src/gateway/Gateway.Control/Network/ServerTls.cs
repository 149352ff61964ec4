using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Control.Contracts;

namespace Gateway.Control.Network;

/// <summary>The content of the files of one server's TLS at the time they were read.</summary>
public sealed class ServerTls
{
    private const int FileBytesMax = 1024 * 1024;

    // Only the usage for which a server's certificate is checked.
    private static readonly Oid ServerAuthentication = new(CertificateUsages.ServerAuthentication);

    private readonly SslStreamCertificateContext? _own;
    private readonly byte[] _seen;

    private ServerTls(
        X509Certificate2Collection authorities, SslStreamCertificateContext? own, byte[] seen) =>
        (Authorities, _own, _seen) = (authorities, own, seen);

    /// <summary>Reads the files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="problem">Receives the member that names the file, and the reason why it cannot be used.</param>
    /// <returns>Null if a problem was reported.</returns>
    public static ServerTls? Read(ServerTlsFiles files, Action<string, string> problem)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(problem);
        var ca = Bytes(files.Ca, "ca", problem);
        var cert = Bytes(files.Cert, "cert", problem);
        var key = Bytes(files.Key, "key", problem);
        if (ca is null || cert is null || key is null)
            return null;
        var authorities = ReadAuthorities(files.Ca, ca, problem);
        var own = files.Cert is null ? null : Own(files, cert, key, problem);
        return authorities is null || (files.Cert is not null && own is null) ? null
            : new(authorities, own, Hash(ca, cert, key));
    }

    /// <summary>The certificate authorities.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>Returns true if both were read from the same bytes.</summary>
    public bool IsSameAs(ServerTls other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _seen.AsSpan().SequenceEqual(other._seen);
    }

    /// <summary>Returns the options of a connection to the server.</summary>
    /// <param name="presents">True if the client certificate may be presented on this connection.</param>
    public SslClientAuthenticationOptions ToOptions(bool presents)
    {
        var options = new SslClientAuthenticationOptions();
        if (presents && _own is not null)
            options.ClientCertificateContext = _own;
        if (Authorities.Count > 0)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                errors == SslPolicyErrors.None
                || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsIssuedByOwn(certificate, chain));
        }

        return options;
    }

    // The system's authorities did not issue it. The configured ones are the only others; name and presence of the
    // certificate were checked already.
    private bool IsIssuedByOwn(X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is not X509Certificate2 leaf)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
            foreach (var element in sent.ChainElements)
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(leaf);
    }

    private static byte[]? Bytes(string? path, string member, Action<string, string> problem)
    {
        if (path is null)
            return [];
        try
        {
            if (Directory.Exists(path))
                problem(member, $"{path} is a directory; write the path of a PEM file");
            else if (new FileInfo(path).Length > FileBytesMax)
                problem(member, $"{path} is larger than 1 MiB; keep only the certificates that this server needs");
            else
                return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problem(member, $"there is no file {path}; correct the path, or create the file first");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem(member, $"{path} cannot be read by {Environment.UserName}: {e.Message}");
        }

        return null;
    }

    private static X509Certificate2Collection? ReadAuthorities(
        string? path, byte[] pem, Action<string, string> problem)
    {
        var all = new X509Certificate2Collection();
        if (path is null)
            return all;
        try
        {
            all.ImportFromPem(Encoding.Latin1.GetString(pem));
        }
        catch (CryptographicException)
        {
            // Reported below, like a file without a certificate.
        }

        if (all.Count > 0)
            return all;
        problem("ca", $"{path} contains no readable certificate; it needs one or more in PEM");
        return null;
    }

    private static SslStreamCertificateContext? Own(
        ServerTlsFiles files, byte[] cert, byte[] key, Action<string, string> problem)
    {
        var text = Encoding.Latin1.GetString(cert);
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            // Reported below, like a file without a certificate.
        }

        if (all.Count == 0)
        {
            problem("cert", $"{files.Cert} contains no readable certificate; it needs the client certificate in PEM, "
                + "followed by its chain");
            return null;
        }

        try
        {
            var own = X509Certificate2.CreateFromPem(text, files.Key is null ? text : Encoding.Latin1.GetString(key));
            all.RemoveAt(0);
            // Windows does not present a certificate whose key exists only in memory.
            if (OperatingSystem.IsWindows())
                own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
            return SslStreamCertificateContext.Create(own, all, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problem(files.Key is null ? "cert" : "key",
                $"{files.Key ?? files.Cert} lacks the private key of the first certificate in {files.Cert}; it "
                + "needs that key in PEM, not encrypted");
            return null;
        }
    }

    private static byte[] Hash(byte[] ca, byte[] cert, byte[] key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in (byte[][])[ca, cert, key])
        {
            hash.AppendData(BitConverter.GetBytes(file.Length));
            hash.AppendData(file);
        }

        return hash.GetHashAndReset();
    }
}

/// <summary>The extended key usages of TLS certificates (RFC 5280, 4.2.1.12).</summary>
public static class CertificateUsages
{
    /// <summary>The usage of a server's certificate.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The usage of a client's certificate.</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
}
