using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Batching;

/// <summary>A request in a batch.</summary>
/// <param name="Owner">The activation that owns the counter.</param>
/// <param name="Question">The request to that activation.</param>
internal readonly record struct BatchRequest(UInt128 Owner, CounterQuestion Question);
