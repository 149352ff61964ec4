namespace Gateway.Orleans.Documents.Wire;

/// <summary>Every document as of one revision.</summary>
/// <param name="Revision">That revision.</param>
/// <param name="Items">In the order of their keys.</param>
/// <param name="Problem">Why there are none; null where there are.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-documents")]
public sealed record ControlDocuments(
    [property: Id(0)] long Revision,
    [property: Id(1)] ControlItem[] Items,
    [property: Id(2)] string? Problem);
