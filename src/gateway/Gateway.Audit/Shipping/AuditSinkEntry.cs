namespace Gateway.Audit.Shipping;

/// <summary>A sink as an operator writes it.</summary>
internal sealed record AuditSinkEntry
{
    /// <summary><c>webhook</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where batches are posted.</summary>
    public required string Url { get; init; }

    /// <summary><c>block</c> or <c>drop</c>.</summary>
    public required string OnFull { get; init; }

    /// <summary>The file of the bearer token.</summary>
    public string? TokenFile { get; init; }
}
