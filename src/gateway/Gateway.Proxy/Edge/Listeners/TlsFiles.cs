namespace Gateway.Proxy.Edge.Listeners;

/// <summary>The files of a certificate and its key.</summary>
/// <param name="Certificate">A PEM file with the certificate followed by its chain, or a PKCS #12 file.</param>
/// <param name="Key">The key as PEM; null if the first file contains it.</param>
/// <param name="Password">The password of an encrypted key; null if it is not encrypted.</param>
public sealed record TlsFiles(string Certificate, string? Key, string? Password = null);
