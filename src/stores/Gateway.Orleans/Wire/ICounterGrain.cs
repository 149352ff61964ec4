namespace Gateway.Orleans.Wire;

/// <summary>
/// One counter of the cluster; the key is <see cref="Gateway.Limits.Model.CounterKey.Text"/>, including the generation.
/// One activation owns the counter's blocks. That there is only one is an optimization; exactness does not depend on
/// it.
/// </summary>
/// <remarks>
/// A request that times out has an unknown outcome: Orleans never sends it again, and a caller that does must use the
/// same call id. The timeout applies on both sides of the connection.
/// </remarks>
[Alias("gateway.counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>
    /// Returns the replies to every request of a message, in order. The requests count as simultaneous.
    /// </summary>
    [Alias("ask")]
    [ResponseTimeout("00:00:01")]
    ValueTask<CounterAnswers> AskAsync(CounterMessage message);

    /// <summary>
    /// Takes numbers back, each only once and only if this activation issued them. A lost message wastes numbers of its
    /// window and has no other effect.
    /// </summary>
    [Alias("give-back")]
    [ResponseTimeout("00:00:01")]
    ValueTask ReleaseAsync(ReleaseMessage[] given);
}

/// <summary>Requests of one frontend to one counter, collected into one message.</summary>
/// <param name="Questions">The calls' requests.</param>
/// <param name="Committed">
/// Earlier calls whose numbers can no longer be returned; null if there are none. They let the counter recognize a
/// final refusal.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.counter-message")]
public sealed record CounterMessage(
    [property: Id(0)] CounterQuestion[] Questions,
    [property: Id(1)] UInt128[]? Committed);

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

/// <summary>The replies to the requests of one message, in order.</summary>
/// <param name="Owner">The activation that replied; only it takes its numbers back.</param>
/// <param name="ClockMs">The owner's clock when it replied, Unix milliseconds UTC.</param>
/// <param name="Items">One reply for each request.</param>
/// <param name="BatchGrain">
/// Key of the batch grain through which this activation can be reached together with others of its silo; null from a
/// silo of a release without batch grains.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.counter-answers")]
public sealed record CounterAnswers(
    [property: Id(0)] UInt128 Owner,
    [property: Id(1)] long ClockMs,
    [property: Id(2)] CounterAnswer[] Items,
    [property: Id(3)] string? BatchGrain = null);
