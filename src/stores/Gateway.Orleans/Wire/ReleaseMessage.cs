namespace Gateway.Orleans.Wire;

/// <summary>The end of one call's numbers at their counter: given back, or certain not to come back.</summary>
/// <param name="CallId">The call that held them.</param>
/// <param name="Owner">
/// The activation that issued them, any other ignores this; 0 from a frontend that closed the call before it saw an
/// answer, so that whoever issued numbers to it takes them back.
/// </param>
/// <param name="AmountNano">How much comes back, in 10^-9 units; 0 where nothing ever will.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.given-back")]
public readonly record struct ReleaseMessage(
    [property: Id(0)] UInt128 CallId,
    [property: Id(1)] UInt128 Owner,
    [property: Id(2)] Int128 AmountNano);
