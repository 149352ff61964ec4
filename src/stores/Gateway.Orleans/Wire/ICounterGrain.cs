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
