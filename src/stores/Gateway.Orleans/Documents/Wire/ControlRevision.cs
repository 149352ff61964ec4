namespace Gateway.Orleans.Documents.Wire;

/// <summary>The revision in storage, read after the request arrived.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Problem">Reason why it is unknown; null if it is known.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-revision")]
public readonly record struct ControlRevision(
    [property: Id(0)] long Revision,
    [property: Id(1)] string? Problem);
