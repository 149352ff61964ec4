namespace Gateway.Faults.Histories;

/// <summary>The complete record of one fleet: the observations of agents, server, gateways and nemesis.</summary>
internal sealed record History
{
    private const long StallMsMax = 4000;

    /// <summary>The calls that reached the server, in order of arrival.</summary>
    public IReadOnlyList<ServerCall> Server { get; init; } = [];

    /// <summary>The calls that the gateways admitted.</summary>
    public IReadOnlyList<Decision> Decisions { get; init; } = [];

    /// <summary>The outcome of the cost, by call id.</summary>
    public IReadOnlyDictionary<string, string> Outcomes { get; init; } = new Dictionary<string, string>();

    /// <summary>The refusals by limits.</summary>
    public IReadOnlyList<Refused> Refusals { get; init; } = [];

    public IReadOnlyList<Probe> Probes { get; init; } = [];

    public IReadOnlyList<BadCall> BadCalls { get; init; } = [];

    /// <summary>The requests of services.</summary>
    public IReadOnlyList<ServiceAsk> Services { get; init; } = [];

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public IReadOnlyList<PolicyEdit> Edits { get; init; } = [];

    public IReadOnlyList<Phase> Phases { get; init; } = [];

    /// <summary>
    /// The times when this machine gave no CPU to a thread that was ready to run, with the durations.
    /// </summary>
    public IReadOnlyList<(long AtMs, long LateMs)> Stalls { get; init; } = [];

    /// <summary>The number of callers at one gateway, including the probe.</summary>
    public int CallersEach { get; init; }

    /// <summary>The most gateways that served at once.</summary>
    public int MembersMax { get; init; }

    /// <summary>The beginning of the load.</summary>
    public long LoadFromMs => Phases[0].FromMs;

    public long LoadToMs => Phases[^1].ToMs;

    /// <summary>
    /// Returns the delay by this machine between two moments. It is bounded so that it excuses no real gap.
    /// </summary>
    public long StallBetween(long fromMs, long toMs) => Math.Min(StallMsMax, Stalls
        .Where(stall => stall.AtMs >= fromMs && stall.AtMs - stall.LateMs <= toMs).Sum(stall => stall.LateMs));
}
