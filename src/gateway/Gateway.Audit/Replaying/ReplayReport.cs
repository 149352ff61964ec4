namespace Gateway.Audit.Replaying;

/// <summary>What a replay came to.</summary>
public sealed record ReplayReport
{
    /// <summary>Calls that were judged.</summary>
    public long Judged { get; init; }

    /// <summary>Those that would be decided as they were.</summary>
    public long Same { get; init; }

    /// <summary>Those that would be decided otherwise.</summary>
    public long Changed { get; init; }

    /// <summary>Those of which that cannot be told.</summary>
    public long Unknown { get; init; }

    /// <summary>The first that would be decided otherwise, up to a bound.</summary>
    public IReadOnlyList<ReplayChange> Changes { get; init; } = [];

    /// <summary>Why it cannot be told, and of how many calls.</summary>
    public IReadOnlyDictionary<string, long> Causes { get; init; } = new Dictionary<string, long>();

    /// <summary>The policies that judged recorded calls since the instant that was asked for.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>The policy whose calls were judged; null where there is none, or several and none was named.</summary>
    public string? Policy { get; init; }

    /// <summary>Lines that are no whole record, and files that could not be read to their end.</summary>
    public long Unreadable { get; init; }
}
