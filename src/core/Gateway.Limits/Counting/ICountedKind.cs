using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>A kind with the step function of its counters, which stands above the model.</summary>
internal interface ICountedKind : IWindowKind
{
    /// <summary>An owner that knows nothing yet.</summary>
    ICounter NewCounter(CounterKey key, CounterRules rules);
}
