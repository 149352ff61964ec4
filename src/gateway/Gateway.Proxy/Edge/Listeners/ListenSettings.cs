namespace Gateway.Proxy.Edge.Listeners;

/// <summary>Where a process listens, as it was told.</summary>
public sealed record ListenSettings
{
    /// <summary>The addresses that agents are served on, in order; the server lists them so.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>The operator's address, listed last; null where none was given.</summary>
    public string? AdminListen { get; init; }

    /// <summary>
    /// Where a service of its own listens, listed before the operator's address; null where none does.
    /// </summary>
    public ServiceListen? Service { get; init; }

    /// <summary>
    /// Where clients read which servers there are, listed before the operator's address and after the service's; null
    /// where they do not.
    /// </summary>
    public string? Registry { get; init; }

    /// <summary>
    /// Where services charge budgets, listed before the operator's address and after the registry's; null where they
    /// do not.
    /// </summary>
    public string? Acquire { get; init; }

    /// <summary>For every https:// address; null takes <c>Kestrel:Certificates:Default</c> of the host's own
    /// settings.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>For an https:// address of the operator's; null takes <c>Kestrel:Certificates:Admin</c>, else what
    /// the others have.</summary>
    public TlsFiles? AdminTls { get; init; }
}
