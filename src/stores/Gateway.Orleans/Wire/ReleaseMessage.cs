namespace Gateway.Orleans.Wire;

/// <summary>The end of one call's numbers at their counter: returned, or committed.</summary>
/// <param name="CallId">The call that held them.</param>
/// <param name="Owner">
/// The activation that issued them; any other activation ignores this message. 0 from a frontend that closed the call
/// before it received a reply, so that whichever activation issued numbers to it takes them back.
/// </param>
/// <param name="AmountNano">The returned amount, in 10^-9 units; 0 for a commit.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.given-back")]
public readonly record struct ReleaseMessage(
    [property: Id(0)] UInt128 CallId,
    [property: Id(1)] UInt128 Owner,
    [property: Id(2)] Int128 AmountNano);
