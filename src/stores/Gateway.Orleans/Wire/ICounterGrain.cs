namespace Gateway.Orleans.Wire;

/// <summary>
/// One counter of the cluster; its key is <see cref="Gateway.Limits.Model.CounterKey.Text"/>, generation included. One
/// activation owns the counter's blocks; that there is only one is an optimisation, never what exactness rests on.
/// </summary>
/// <remarks>
/// A question that times out has an unknown outcome: Orleans never sends it again, and whoever does must bring the same
/// call id. The time-out stands on both sides of the wire.
/// </remarks>
[Alias("gateway.counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Answers every question of a message, in order. They were asked at the same time.</summary>
    [Alias("ask")]
    [ResponseTimeout("00:00:01")]
    ValueTask<CounterAnswers> AskAsync(CounterMessage message);

    /// <summary>
    /// Takes numbers back, each only once and only where this very activation issued them. A lost one is a waste for
    /// its window and nothing else.
    /// </summary>
    [Alias("give-back")]
    [ResponseTimeout("00:00:01")]
    ValueTask ReleaseAsync(ReleaseMessage[] given);
}
