namespace Gateway.Orleans.Documents.Wire;

/// <summary>The revision that lay in storage after the question was asked.</summary>
/// <param name="Revision">That revision.</param>
/// <param name="Problem">Why it is not known; null where it is.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-revision")]
public readonly record struct ControlRevision(
    [property: Id(0)] long Revision,
    [property: Id(1)] string? Problem);
