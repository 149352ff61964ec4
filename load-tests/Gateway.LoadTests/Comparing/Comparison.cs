namespace Gateway.LoadTests.Comparing;

/// <summary>The results of a comparison, with times in microseconds.</summary>
internal sealed record Comparison
{
    /// <summary>The prefix for the names of another build's contestants.</summary>
    public const string Before = "before: ";

    /// <summary>A Kestrel that only forwards.</summary>
    public const string Bare = "bare Kestrel";

    /// <summary>A Kestrel that only forwards, with sockets served inline.</summary>
    public const string BareInline = "bare Kestrel inline";

    /// <summary>The medians under many connections, by contestant.</summary>
    public required IReadOnlyDictionary<string, Round> Loaded { get; init; }

    /// <summary>The medians at one connection.</summary>
    public required IReadOnlyDictionary<string, Round> Alone { get; init; }

    /// <summary>Every round under many connections, in the order of its turns.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Round>> LoadedRounds { get; init; } =
        new Dictionary<string, IReadOnlyList<Round>>();

    /// <summary>Every round at one connection.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Round>> AloneRounds { get; init; } =
        new Dictionary<string, IReadOnlyList<Round>>();

    /// <summary>The resident memory after the load, in MB.</summary>
    public required IReadOnlyDictionary<string, double> MemoryMegabytes { get; init; }

    /// <summary>The resident memory of a gateway before the first call, in MB.</summary>
    public required double IdleMegabytes { get; init; }

    /// <summary>The time from a gateway's start to ready, in milliseconds.</summary>
    public required double ReadyMilliseconds { get; init; }

    /// <summary>The contestants that were omitted because this machine lacks their program.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The ratios of this build to the other, figure by figure; empty if there is no other.</summary>
    public IReadOnlyList<Ratio> Ratios { get; init; } = [];

    /// <summary>The decisions on one counter, with as many callers as the load had connections.</summary>
    public DecisionRates? Decisions { get; init; }
}
