using System.Buffers.Text;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// The certificate with which a client, or the client of a trusted proxy, has authenticated its connection. Nothing
/// about it is verified except that the client holds its key.
/// </summary>
internal sealed class PresentedCertificate
{
    private const int BytesMax = 64 * 1024;
    private const int ChainMax = 8;

    private PresentedCertificate(byte[] leaf, List<byte[]> chain)
    {
        (Leaf, Chain) = (leaf, chain);
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(leaf));
        Hash = TokenHash.Of(string.Join('\n', chain.Prepend(leaf).Select(Convert.ToBase64String)));
    }

    /// <summary>The certificate (DER).</summary>
    public byte[] Leaf { get; }

    /// <summary>The certificates that were sent with it, in any order.</summary>
    public IReadOnlyList<byte[]> Chain { get; }

    /// <summary>The digest that a token's <c>x5t#S256</c> names (RFC 8705, 3.1).</summary>
    public string Thumbprint { get; }

    /// <summary>The digest of the certificate with its chain.</summary>
    public TokenHash Hash { get; }

    /// <summary>
    /// Returns the certificate of a request; null if there is none, with the reason if what was sent is not one.
    /// </summary>
    public static PresentedCertificate? Of(HttpContext http, GatewaySnapshot snapshot, out string? problem)
    {
        problem = null;
        // The connection of a proxy has the proxy's own certificate, which must never stand for its clients.
        if (http.Features.Get<ByProxy>() is null)
            return http.Features.Get<PresentedCertificate>();
        if (snapshot.Callers.CertificateHeader is not { } name || !http.Request.Headers.ContainsKey(name))
            return null;
        var read = OfHeaders(http.Request.Headers[name] is [{ } leaf] ? leaf : "",
            http.Request.Headers.GetCommaSeparatedValues(name + "-Chain"));
        problem = read is null ? $"the header {name} of the proxy must be one certificate in the form of RFC "
            + "9440" : null;
        return read;
    }

    /// <summary>Marks a request that a trusted proxy sent: only its headers name a certificate.</summary>
    public static void MarkByProxy(HttpContext http) => http.Features.Set(ByProxy.Instance);

    /// <summary>Requests a certificate of the client and keeps it with the connection.</summary>
    /// <param name="options">The options of the handshake.</param>
    /// <param name="connection">The connection.</param>
    public static void Request(SslServerAuthenticationOptions options, BaseConnectionContext connection)
    {
        // Requested, not required. A certificate counts only for requests without a token, which then get the reason if
        // it is not valid. Its authorities may change while the connection is open.
        options.ClientCertificateRequired = true;
        options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            if (certificate is null)
                return true;
            var sent = chain?.ChainPolicy.ExtraStore.Select(static one => one.RawData).ToList() ?? [];
            if (Read(certificate.GetRawCertData(), sent) is not { } presented)
                return false;
            connection.Features.Set(presented);
            return true;
        };
    }

    private static PresentedCertificate? OfHeaders(string leaf, string[] chain) =>
        Bytes(leaf) is { } own && chain.Select(Bytes).ToList() is var others
        && others.TrueForAll(static one => one is not null) ? Read(own, others!) : null;

    private static PresentedCertificate? Read(byte[] leaf, List<byte[]> sent)
    {
        sent.RemoveAll(one => one.AsSpan().SequenceEqual(leaf));
        return sent.Count <= ChainMax && leaf.Length + sent.Sum(static one => one.Length) <= BytesMax
            ? new(leaf, sent) : null;
    }

    /// <summary>Returns a byte sequence (RFC 8941, 3.3.5).</summary>
    private static byte[]? Bytes(string item)
    {
        if (item.Length is <= 2 or > BytesMax * 2 || item[0] != ':' || item[^1] != ':')
            return null;
        var bytes = new byte[item.Length];
        return Convert.TryFromBase64String(item[1..^1], bytes, out var length) ? bytes[..length] : null;
    }

    private sealed class ByProxy
    {
        public static ByProxy Instance { get; } = new();
    }
}
