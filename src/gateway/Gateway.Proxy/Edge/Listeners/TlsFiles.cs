namespace Gateway.Proxy.Edge.Listeners;

/// <summary>A certificate and its key, as files.</summary>
/// <param name="Certificate">PEM with the certificate first and those above it behind, or PKCS #12.</param>
/// <param name="Key">PEM; null where the first file holds the key too.</param>
/// <param name="Password">Of an encrypted key; null where it is not.</param>
public sealed record TlsFiles(string Certificate, string? Key, string? Password = null);
