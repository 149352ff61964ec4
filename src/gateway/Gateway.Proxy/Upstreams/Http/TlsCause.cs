using System.Security.Cryptography.X509Certificates;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>
/// The cause of a TLS failure. The framework reports it only in the text of its exceptions, by the names of its
/// enumerations and by the alerts of the TLS library.
/// </summary>
internal static class TlsCause
{
    private static readonly (string Word, string Cause)[] Causes =
    [
        ("RemoteCertificateNameMismatch", "its certificate is for another name"),
        (nameof(X509ChainStatusFlags.NotTimeValid), "its certificate has expired or is not valid yet"),
        (nameof(X509ChainStatusFlags.Revoked), "its certificate was revoked"),
        (nameof(X509ChainStatusFlags.UntrustedRoot), "an unknown authority signed its certificate"),
        (nameof(X509ChainStatusFlags.PartialChain), "an unknown authority signed its certificate"),
        ("RemoteCertificateChainErrors", "its certificate is not trusted"),
        ("certificate required", ClientCertificate),
        ("certificate_required", ClientCertificate),
        ("bad certificate", ClientCertificate),
        ("bad_certificate", ClientCertificate),
        ("handshake failure", "it accepts none of this gateway's TLS versions and ciphers, or it requires a client "
            + "certificate"),
        ("protocol version", "it accepts none of this gateway's TLS versions"),
        ("wrong version number", "it does not speak TLS on this port"),
        ("Cannot determine the frame size", "it does not speak TLS on this port"),
    ];

    private const string ClientCertificate = "it requires a client certificate";

    /// <summary>Returns a clause that names the cause, or null if the error is not a TLS error.</summary>
    public static string? Of(Exception error)
    {
        var causes = new List<string>();
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            foreach (var (word, cause) in Causes)
            {
                if (inner.Message.Contains(word, StringComparison.OrdinalIgnoreCase) && !causes.Contains(cause))
                    causes.Add(cause);
            }
        }

        return causes.Count == 0 ? null : string.Join(", and ", causes);
    }
}
