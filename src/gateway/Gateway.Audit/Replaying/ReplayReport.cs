using System.Text.Json.Serialization;

namespace Gateway.Audit.Replaying;

/// <summary>The result of a replay.</summary>
public sealed record ReplayReport
{
    /// <summary>Number of calls that were evaluated.</summary>
    [JsonPropertyName("judged")]
    public long Evaluated { get; init; }

    /// <summary>Number of calls with the same decision.</summary>
    public long Same { get; init; }

    /// <summary>Number of calls with another decision.</summary>
    public long Changed { get; init; }

    /// <summary>Number of calls whose decision cannot be determined.</summary>
    public long Unknown { get; init; }

    /// <summary>The first calls with another decision, up to a bound.</summary>
    public IReadOnlyList<ReplayChange> Changes { get; init; } = [];

    /// <summary>Causes for undetermined decisions, with the number of calls for each.</summary>
    public IReadOnlyDictionary<string, long> Causes { get; init; } = new Dictionary<string, long>();

    /// <summary>The policies that decided recorded calls since the requested instant.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>
    /// The policy whose calls were evaluated; null if there is none, or if there are several and the request named
    /// none.
    /// </summary>
    public string? Policy { get; init; }

    /// <summary>The results by tool, for the replay of a server's calls; null for that of a policy.</summary>
    public IReadOnlyDictionary<string, ReplayedTool>? Tools { get; init; }

    /// <summary>The totals by tool, most changes first; those beyond 1,000 are one group.</summary>
    public IReadOnlyList<ReplayGroup> ByTool { get; init; } = [];

    /// <summary>The totals by grant, most changes first; those beyond 1,000 are one group.</summary>
    public IReadOnlyList<ReplayGroup> ByGrant { get; init; } = [];

    /// <summary>The totals of the changed calls by outcome before and after.</summary>
    public IReadOnlyList<ReplayGroup> ByTransition { get; init; } = [];

    /// <summary>Number of calls that the candidate itself decided, so that there is nothing to compare.</summary>
    public long Enforced { get; init; }

    /// <summary>
    /// The first record of a log whose older records are deleted, if that is after the requested start; otherwise null.
    /// </summary>
    public string? LogStarts { get; init; }

    /// <summary>Number of incomplete records, and of files that could not be read to their end.</summary>
    public long Unreadable { get; init; }
}

/// <summary>The result of a replay for one tool, one grant or one transition.</summary>
/// <param name="Name">The tool, the grant, or the outcomes as <c>allowed → denied</c>.</param>
/// <param name="Same">Number of calls with the same decision.</param>
/// <param name="Changed">Number of calls with another decision.</param>
/// <param name="Unknown">Number of calls whose decision cannot be determined.</param>
/// <param name="Transitions">The changed calls by outcome before and after.</param>
/// <param name="Samples">The first of the changed calls.</param>
public sealed record ReplayGroup(
    string Name, long Same, long Changed, long Unknown, IReadOnlyDictionary<string, long> Transitions,
    IReadOnlyList<ReplayChange> Samples);

/// <summary>A recorded call for which the replay reaches another decision.</summary>
/// <param name="Time">Time of the recorded decision.</param>
/// <param name="CallId">Call id of the record.</param>
/// <param name="Grant">The grant.</param>
/// <param name="Server">The server.</param>
/// <param name="Method">The JSON-RPC method.</param>
/// <param name="Tool">The tool or other name in the call; null if it had none.</param>
/// <param name="Before">The recorded decision.</param>
/// <param name="After">The replayed decision.</param>
public sealed record ReplayChange(
    string Time, string CallId, string Grant, string Server, string Method, string? Tool, ReplayedDecision Before,
    ReplayedDecision After)
{
    /// <summary>The outcomes before and after.</summary>
    [JsonIgnore]
    public string Transition => $"{Before.Outcome} → {After.Outcome}";
}

/// <summary>The result of a replay for one tool.</summary>
/// <param name="Same">Number of calls with the same decision.</param>
/// <param name="Unknown">Number of calls whose decision cannot be determined.</param>
/// <param name="Changed">Number of calls with another decision, by its outcome.</param>
public sealed record ReplayedTool(long Same, long Unknown, IReadOnlyDictionary<string, long> Changed)
{
    /// <summary>Number of calls.</summary>
    [JsonIgnore]
    public long Calls => Same + Unknown + Changed.Values.Sum();
}
