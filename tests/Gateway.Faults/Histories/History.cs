namespace Gateway.Faults.Histories;

/// <summary>All that was seen of one fleet: what agents, server, gateways and nemesis say.</summary>
internal sealed record History
{
    private const long StallMsMax = 4000;

    /// <summary>What reached the server, in its order.</summary>
    public IReadOnlyList<ServerCall> Server { get; init; } = [];

    /// <summary>What the gateways let through.</summary>
    public IReadOnlyList<Decision> Decisions { get; init; } = [];

    /// <summary>By call id, what became of its cost.</summary>
    public IReadOnlyDictionary<string, string> Outcomes { get; init; } = new Dictionary<string, string>();

    /// <summary>What limits refused.</summary>
    public IReadOnlyList<Refused> Refusals { get; init; } = [];

    public IReadOnlyList<Probe> Probes { get; init; } = [];

    public IReadOnlyList<BadCall> BadCalls { get; init; } = [];

    /// <summary>What services asked.</summary>
    public IReadOnlyList<ServiceAsk> Services { get; init; } = [];

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public IReadOnlyList<PolicyEdit> Edits { get; init; } = [];

    public IReadOnlyList<Phase> Phases { get; init; } = [];

    /// <summary>When a thread was ready to run and this machine gave it no CPU, and for how long.</summary>
    public IReadOnlyList<(long AtMs, long LateMs)> Stalls { get; init; } = [];

    /// <summary>Callers at one gateway, the probe included.</summary>
    public int CallersEach { get; init; }

    /// <summary>The most gateways that served at once.</summary>
    public int MembersMax { get; init; }

    /// <summary>While agents called everything.</summary>
    public long LoadFromMs => Phases[0].FromMs;

    public long LoadToMs => Phases[^1].ToMs;

    /// <summary>What this machine itself held up between two moments; bounded, to excuse no real gap.</summary>
    public long StallBetween(long fromMs, long toMs) => Math.Min(StallMsMax, Stalls
        .Where(stall => stall.AtMs >= fromMs && stall.AtMs - stall.LateMs <= toMs).Sum(stall => stall.LateMs));
}
