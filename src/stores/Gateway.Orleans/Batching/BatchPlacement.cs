namespace Gateway.Orleans.Batching;

/// <summary>Placement strategy that puts a batch grain on the silo that its key names, or nowhere.</summary>
[Serializable]
[GenerateSerializer]
[Immutable]
[SuppressReferenceTracking]
internal sealed class BatchPlacement : PlacementStrategy;
