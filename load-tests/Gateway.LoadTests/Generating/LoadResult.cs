using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Generating;

/// <summary>What a generator saw; each worker has one of its own, added together at the end.</summary>
internal sealed class LoadResult
{
    private readonly long[] _outcomes = new long[Enum.GetValues<CallOutcome>().Length];

    /// <summary>From when a call should have been sent to its whole answer.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>From when a call should have been sent until it was: what a slow server makes others wait.</summary>
    public LatencyHistogram Wait { get; } = new();

    /// <summary>From the first call to the last answer.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Calls that were sent again because they had not been taken.</summary>
    public long Retries { get; set; }

    /// <summary>Calls with this outcome.</summary>
    public long this[CallOutcome outcome] => _outcomes[(int)outcome];

    /// <summary>Calls that were answered, whatever the answer.</summary>
    public long Calls => _outcomes.Sum();

    /// <summary>Calls that nothing in the plan explains.</summary>
    public long Errors => this[CallOutcome.Broken] + this[CallOutcome.Unexpected] + this[CallOutcome.Unavailable];

    public void Count(CallOutcome outcome) => _outcomes[(int)outcome]++;

    public void Add(LoadResult other)
    {
        Latency.Add(other.Latency);
        Wait.Add(other.Wait);
        Retries += other.Retries;
        for (var i = 0; i < _outcomes.Length; i++)
            _outcomes[i] += other._outcomes[i];
    }
}
