namespace Gateway.LoadTests.Comparing;

/// <summary>What a comparison found, times in microseconds.</summary>
internal sealed record Comparison
{
    /// <summary>What the names of another build's contestants begin with.</summary>
    public const string Before = "before: ";

    /// <summary>Medians under many connections, by contestant.</summary>
    public required IReadOnlyDictionary<string, Round> Loaded { get; init; }

    /// <summary>Medians at one connection.</summary>
    public required IReadOnlyDictionary<string, Round> Alone { get; init; }

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
