using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>A kind of window with the step function of its counters, which lies above the model.</summary>
internal interface ICountedKind : IWindowKind
{
    /// <summary>Creates an owner that has not read its record yet.</summary>
    ICounter NewCounter(CounterKey key, CounterRules rules);
}
