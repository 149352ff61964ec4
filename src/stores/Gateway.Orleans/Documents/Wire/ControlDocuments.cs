namespace Gateway.Orleans.Documents.Wire;

/// <summary>All documents at one revision.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Items">The documents, in the order of their keys.</param>
/// <param name="Problem">Reason why they are unknown; null if they are known.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-documents")]
public sealed record ControlDocuments(
    [property: Id(0)] long Revision,
    [property: Id(1)] ControlItem[] Items,
    [property: Id(2)] string? Problem);
