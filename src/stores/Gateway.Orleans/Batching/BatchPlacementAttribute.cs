using Orleans.Placement;

namespace Gateway.Orleans.Batching;

/// <summary>Places a batch grain on the silo that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BatchPlacementAttribute() : PlacementAttribute(new BatchPlacement());

/// <summary>Placement strategy that puts a batch grain on the silo that its key names, or nowhere.</summary>
[Serializable]
[GenerateSerializer]
[Immutable]
[SuppressReferenceTracking]
internal sealed class BatchPlacement : PlacementStrategy;
