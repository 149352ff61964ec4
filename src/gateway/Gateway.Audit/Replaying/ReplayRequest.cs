using Gateway.Policy;
using Gateway.Policy.Lists;

namespace Gateway.Audit.Replaying;

/// <summary>What is to be replayed.</summary>
/// <param name="Sources">The record, or those of the frontends of a fleet; closed by who made them.</param>
/// <param name="Candidate">The policy that judges.</param>
public sealed record ReplayRequest(IReadOnlyList<RecordSource> Sources, CompiledPolicy Candidate)
{
    /// <summary>In whose place it stands; null for the only one that is recorded.</summary>
    public string? Policy { get; init; }

    /// <summary>
    /// By digest of the document: a call is judged by the version that its record names, where that is among them, and
    /// by the candidate else. That changes nothing but where a record is not what happened.
    /// </summary>
    public IReadOnlyDictionary<string, CompiledPolicy>? Versions { get; init; }

    /// <summary>
    /// True if the candidate judged the calls when they were made: then its recorded verdicts are read, and nothing is
    /// judged again.
    /// </summary>
    public bool IsRecorded { get; init; }

    /// <summary>Calls from this instant on are judged, Unix milliseconds; earlier ones are only counted.</summary>
    public long SinceMs { get; init; }

    /// <summary>
    /// Records from this instant on are read, Unix milliseconds: what a window may still count when the first call is
    /// judged is counted before it.
    /// </summary>
    public long FromMs => SinceMs == 0 ? 0 : IsRecorded ? SinceMs : Math.Max(0, SinceMs - (2 * LongestMs) - 1);

    private long LongestMs => Candidate.Bind("grant", "server").Counters
        .Select(static cost => cost.Window.LongestMs).DefaultIfEmpty(0).Max();

    /// <summary>The lists that it names; none where it is null.</summary>
    public NamedLists? Lists { get; init; }

    /// <summary>True if other frontends count on the same counters and have records that are not among these.</summary>
    public bool HasOthers { get; init; }

    /// <summary>Changes that are listed; what comes beyond is only counted.</summary>
    public int ChangesMax { get; init; } = 10_000;
}
