using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The certificate of a listener, reloaded when its files change; existing connections keep the certificate that they
/// began with. <see cref="TlsWatch"/> is its only writer.
/// </summary>
public sealed class TlsCertificate
{
    private const int FileBytesMax = 1024 * 1024;
    private readonly TlsFiles _files;
    private volatile Loaded _loaded;
    private byte[] _lastSeen;

    private TlsCertificate(TlsFiles files, Loaded loaded, byte[] seen) =>
        (_files, _loaded, _lastSeen) = (files, loaded, seen);

    /// <summary>The path of the certificate file.</summary>
    public string Path => _files.Certificate;

    /// <summary>The subject of the certificate.</summary>
    public string Subject => _loaded.Certificate.Subject;

    /// <summary>The start of its validity.</summary>
    public DateTimeOffset NotBefore => _loaded.Certificate.NotBefore;

    /// <summary>The end of its validity.</summary>
    public DateTimeOffset NotAfter => _loaded.Certificate.NotAfter;

    /// <exception cref="ListenException">A file cannot be read, or the files do not belong together.</exception>
    public static TlsCertificate Open(TlsFiles files)
    {
        try
        {
            var (certificate, key) = Read(files);
            return new TlsCertificate(files, Load(files, certificate, key), Hash(certificate, key));
        }
        catch (Exception e) when (IsBadFile(e))
        {
            throw new ListenException($"cannot use the TLS certificate {files.Certificate}: {Words(files, e)}", e);
        }
    }

    /// <summary>Returns the TLS options of a new connection: TLS 1.2 or 1.3.</summary>
    public SslServerAuthenticationOptions Offer() => new()
    {
        ServerCertificateContext = _loaded.Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
    };

    /// <summary>Reloads the files if they have changed.</summary>
    /// <returns>
    /// Null if nothing changed; "" if the new files are now in use; otherwise the reason why they cannot be used.
    /// </returns>
    public string? Refresh()
    {
        try
        {
            var (certificate, key) = Read(_files);
            var seen = Hash(certificate, key);
            if (seen.AsSpan().SequenceEqual(_lastSeen))
                return null;
            _lastSeen = seen;
            _loaded = Load(_files, certificate, key);
            return "";
        }
        catch (Exception e) when (IsBadFile(e))
        {
            var words = Words(_files, e);
            // An unreadable file counts as one state, so that it is reported once.
            if (e is IOException or UnauthorizedAccessException)
            {
                var state = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(words));
                if (state.AsSpan().SequenceEqual(_lastSeen))
                    return null;
                _lastSeen = state;
            }

            return words;
        }
    }

    private static (byte[] Certificate, byte[]? Key) Read(TlsFiles files) =>
        (ReadBounded(files.Certificate), files.Key is null ? null : ReadBounded(files.Key));

    private static byte[] ReadBounded(string path)
    {
        if (Directory.Exists(path))
            throw new IOException($"{path} is a directory");
        return new FileInfo(path).Length <= FileBytesMax
            ? File.ReadAllBytes(path)
            : throw new IOException($"{path} is larger than 1 MiB");
    }

    private static byte[] Hash(byte[] certificate, byte[]? key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(certificate.Length));
        hash.AppendData(certificate);
        hash.AppendData(key ?? []);
        return hash.GetHashAndReset();
    }

    private static Loaded Load(TlsFiles files, byte[] certificate, byte[]? key)
    {
        var text = System.Text.Encoding.Latin1.GetString(certificate);
        var all = new X509Certificate2Collection();
        X509Certificate2 own;
        if (text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
        {
            var keyText = key is null ? text : System.Text.Encoding.Latin1.GetString(key);
            own = files.Password is { } password
                ? X509Certificate2.CreateFromEncryptedPem(text, keyText, password)
                : X509Certificate2.CreateFromPem(text, keyText);
            all.ImportFromPem(text);
            all.RemoveAt(0);
        }
        else
        {
            all = X509CertificateLoader.LoadPkcs12Collection(certificate, files.Password);
            own = all.FirstOrDefault(static one => one.HasPrivateKey)
                ?? throw new CryptographicException("it contains no certificate with a key");
            all.Remove(own);
        }

        if (OperatingSystem.IsWindows())
            own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        return new Loaded(own, SslStreamCertificateContext.Create(own, all, offline: true));
    }

    private static bool IsBadFile(Exception e) =>
        e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static string Words(TlsFiles files, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "the file does not exist" + Which(files),
        UnauthorizedAccessException => $"{Environment.UserName} may not read it" + Which(files),
        IOException => e.Message,
        _ => $"{e.Message.TrimEnd('.')}; use a PEM certificate, followed by its chain, and its own key"
            + (files.Password is null ? ", not encrypted" : "") + Which(files),
    };

    private static string Which(TlsFiles files) => files.Key is null ? "" : $" (key: {files.Key})";

    private sealed record Loaded(X509Certificate2 Certificate, SslStreamCertificateContext Context);
}

/// <summary>The files of a certificate and its key.</summary>
/// <param name="Certificate">A PEM file with the certificate followed by its chain, or a PKCS #12 file.</param>
/// <param name="Key">The key as PEM; null if the first file contains it.</param>
/// <param name="Password">The password of an encrypted key; null if it is not encrypted.</param>
public sealed record TlsFiles(string Certificate, string? Key, string? Password = null);
