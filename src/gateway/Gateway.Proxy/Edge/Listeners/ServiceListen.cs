namespace Gateway.Proxy.Edge.Listeners;

/// <summary>The listener of a separate service, beside agents and operators: HTTP/2 only.</summary>
/// <param name="Address">The address; <c>https://</c> uses the certificate of the others.</param>
/// <param name="Option">The name of its option, for messages.</param>
/// <param name="ClientAuthorities">
/// The file with the authorities in PEM, one of which must have issued the caller's certificate; null requires no
/// certificate.
/// </param>
/// <param name="HasToken">True if callers need a token.</param>
public sealed record ServiceListen(string Address, string Option, string? ClientAuthorities, bool HasToken);
