using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Generating;

/// <summary>The results of a generator; each worker has its own, and they are added together at the end.</summary>
internal sealed class LoadResult
{
    private readonly long[] _outcomes = new long[Enum.GetValues<CallOutcome>().Length];

    /// <summary>The time from when a call was due to its complete response.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>
    /// The time from when a call was due until it was sent: the wait that a slow server causes for others.
    /// </summary>
    public LatencyHistogram Wait { get; } = new();

    /// <summary>The time from the first call to the last response.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>The number of calls that were sent again because they had not been accepted.</summary>
    public long Retries { get; set; }

    /// <summary>Returns the number of calls with this outcome.</summary>
    public long this[CallOutcome outcome] => _outcomes[(int)outcome];

    /// <summary>The number of calls with any outcome.</summary>
    public long Calls => _outcomes.Sum();

    /// <summary>The number of calls that nothing in the plan explains.</summary>
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
