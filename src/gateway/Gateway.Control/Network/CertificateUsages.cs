namespace Gateway.Control.Network;

/// <summary>The extended key usages of TLS certificates (RFC 5280, 4.2.1.12).</summary>
public static class CertificateUsages
{
    /// <summary>The usage of a server's certificate.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The usage of a client's certificate.</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
}
