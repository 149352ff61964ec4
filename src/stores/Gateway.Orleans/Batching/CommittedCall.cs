namespace Gateway.Orleans.Batching;

/// <summary>A call whose numbers can no longer be returned, and the activation that issued them.</summary>
internal readonly record struct CommittedCall(UInt128 Owner, UInt128 CallId);
