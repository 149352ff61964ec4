namespace Gateway.LoadTests.Comparing;

/// <summary>What a comparison found, times in microseconds.</summary>
internal sealed record Comparison
{
    /// <summary>What the names of another build's contestants begin with.</summary>
    public const string Before = "before: ";

    /// <summary>A Kestrel that forwards and does nothing else.</summary>
    public const string Bare = "bare Kestrel";

    /// <summary>The same with sockets served inline.</summary>
    public const string BareInline = "bare Kestrel inline";

    /// <summary>Medians under many connections, by contestant.</summary>
    public required IReadOnlyDictionary<string, Round> Loaded { get; init; }

    /// <summary>Medians at one connection.</summary>
    public required IReadOnlyDictionary<string, Round> Alone { get; init; }

    /// <summary>Every round under many connections, in the order of its turns.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Round>> LoadedRounds { get; init; } =
        new Dictionary<string, IReadOnlyList<Round>>();

    /// <summary>Every round at one connection.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Round>> AloneRounds { get; init; } =
        new Dictionary<string, IReadOnlyList<Round>>();

    /// <summary>Resident memory after the load, in MB.</summary>
    public required IReadOnlyDictionary<string, double> MemoryMegabytes { get; init; }

    /// <summary>Resident memory of a gateway that nobody has called yet, in MB.</summary>
    public required double IdleMegabytes { get; init; }

    /// <summary>From a gateway's start to ready, in milliseconds.</summary>
    public required double ReadyMilliseconds { get; init; }

    /// <summary>What was left out because this machine has no such program.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>This build of the other, figure by figure; empty where there is no other.</summary>
    public IReadOnlyList<Ratio> Ratios { get; init; } = [];

    /// <summary>Decisions on one counter, with as many callers as the load had connections.</summary>
    public DecisionRates? Decisions { get; init; }
}
