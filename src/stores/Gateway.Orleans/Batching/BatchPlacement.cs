namespace Gateway.Orleans.Batching;

/// <summary>A desk is at the silo that its key names, or nowhere.</summary>
[Serializable]
[GenerateSerializer]
[Immutable]
[SuppressReferenceTracking]
internal sealed class BatchPlacement : PlacementStrategy;
