using Orleans.Placement;

namespace Gateway.Orleans.Desks;

/// <summary>Places a desk at the silo that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class DeskPlacementAttribute() : PlacementAttribute(new DeskPlacement());
