namespace Gateway.Proxy.Edge.Listeners;

/// <summary>The listeners of a process, from its options.</summary>
public sealed record ListenSettings
{
    /// <summary>The addresses for agents, in the order in which the server lists them.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>The operator's address, listed last; null if none was given.</summary>
    public string? AdminListen { get; init; }

    /// <summary>
    /// The listener of a separate service, listed before the operator's address; null if there is none.
    /// </summary>
    public ServiceListen? Service { get; init; }

    /// <summary>
    /// The address of the client registry, listed after the service's and before the operator's; null if there is none.
    /// </summary>
    public string? Registry { get; init; }

    /// <summary>
    /// The address for services that charge budgets, listed after the registry's and before the operator's; null if
    /// there is none.
    /// </summary>
    public string? Acquire { get; init; }

    /// <summary>
    /// The certificate for every https:// address; null uses <c>Kestrel:Certificates:Default</c> of the host's
    /// settings.
    /// </summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>
    /// The certificate for an https:// address of the operator; null uses <c>Kestrel:Certificates:Admin</c>, or else
    /// the certificate of the other addresses.
    /// </summary>
    public TlsFiles? AdminTls { get; init; }
}

/// <summary>The listener of a separate service, beside agents and operators: HTTP/2 only.</summary>
/// <param name="Address">The address; <c>https://</c> uses the certificate of the others.</param>
/// <param name="Option">The name of its option, for messages.</param>
/// <param name="ClientAuthorities">
/// The file with the authorities in PEM, one of which must have issued the caller's certificate; null requires no
/// certificate.
/// </param>
/// <param name="HasToken">True if callers need a token.</param>
public sealed record ServiceListen(string Address, string Option, string? ClientAuthorities, bool HasToken);
