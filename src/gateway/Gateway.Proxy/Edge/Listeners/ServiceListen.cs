namespace Gateway.Proxy.Edge.Listeners;

/// <summary>Where a service of its own listens, beside agents and operators: HTTP/2 only.</summary>
/// <param name="Address">The address; <c>https://</c> takes the certificate of the others.</param>
/// <param name="Option">The option that gives it, for a message.</param>
/// <param name="ClientAuthorities">
/// Authorities in PEM, of which one has to have issued the caller's certificate; null asks for none.
/// </param>
/// <param name="HasToken">Whether it asks callers for a token.</param>
public sealed record ServiceListen(string Address, string Option, string? ClientAuthorities, bool HasToken);
