using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>What came of a question.</summary>
/// <param name="Outcome">Whether there is an answer.</param>
/// <param name="Answer">The answer, if there is one.</param>
/// <param name="Owner">The activation that gave it.</param>
internal readonly record struct RequestResult(
    RequestStatus Outcome, CounterAnswer Answer = default, UInt128 Owner = default);
