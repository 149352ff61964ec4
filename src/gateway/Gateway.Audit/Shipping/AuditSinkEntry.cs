namespace Gateway.Audit.Shipping;

/// <summary>A sink as an operator writes it; what is missing is refused with its place.</summary>
internal sealed record AuditSinkEntry
{
    /// <summary><c>webhook</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Where batches are posted.</summary>
    public string? Url { get; init; }

    /// <summary><c>block</c> or <c>drop</c>.</summary>
    public string? OnFull { get; init; }

    /// <summary>The file of the bearer token.</summary>
    public string? TokenFile { get; init; }
}
