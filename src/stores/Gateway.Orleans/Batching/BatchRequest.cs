using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Batching;

/// <summary>A question on its way to a desk.</summary>
/// <param name="Owner">The activation that is asked.</param>
/// <param name="Question">What it is asked.</param>
internal readonly record struct BatchRequest(UInt128 Owner, CounterQuestion Question);
