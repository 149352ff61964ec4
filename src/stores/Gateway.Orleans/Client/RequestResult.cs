using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>The result of a request.</summary>
/// <param name="Outcome">True if there is a reply.</param>
/// <param name="Answer">The reply, if there is one.</param>
/// <param name="Owner">The activation that replied.</param>
internal readonly record struct RequestResult(
    RequestStatus Outcome, CounterAnswer Answer = default, UInt128 Owner = default);
