using Gateway.Policy;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;

namespace Gateway.Audit.Replaying;

/// <summary>A replay to run.</summary>
/// <param name="Sources">The records of one frontend or of all frontends of a fleet; the caller disposes them.</param>
/// <param name="Candidate">The policy to evaluate.</param>
public sealed record ReplayRequest(IReadOnlyList<RecordSource> Sources, CompiledPolicy Candidate)
{
    /// <summary>Name of the policy that the candidate replaces; null for the only recorded policy.</summary>
    public string? Policy { get; init; }

    /// <summary>
    /// Server whose calls are evaluated, whatever policy decided them; null for the calls of one policy.
    /// </summary>
    public string? Server { get; init; }

    /// <summary>The only tool of that server whose calls are evaluated; null for all.</summary>
    public string? Tool { get; init; }

    /// <summary>
    /// Policy versions by document digest. A call is evaluated by the version that its record names if it is listed
    /// here, otherwise by the candidate. The result then differs only where a record does not match what happened.
    /// </summary>
    public IReadOnlyDictionary<string, CompiledPolicy>? Versions { get; init; }

    /// <summary>
    /// True if the candidate was evaluated when the calls were made. Its recorded decisions are then read, and nothing
    /// is evaluated again.
    /// </summary>
    public bool IsRecorded { get; init; }

    /// <summary>Instant in Unix milliseconds from which calls are evaluated; earlier calls are only counted.</summary>
    public long SinceMs { get; init; }

    /// <summary>
    /// Instant in Unix milliseconds from which records are read. It is earlier than <see cref="SinceMs"/>, so that
    /// everything a window may still contain at the first evaluated call has been counted.
    /// </summary>
    public long FromMs => SinceMs == 0 ? 0 : IsRecorded ? SinceMs : Math.Max(0, SinceMs - (2 * LongestMs) - 1);

    private long LongestMs => Candidate.Bind("grant", "server").Counters
        .Select(static cost => cost.Window.LongestMs).DefaultIfEmpty(0).Max();

    /// <summary>The lists that the policy refers to; null for none.</summary>
    public NamedLists? Lists { get; init; }

    /// <summary>
    /// True if other frontends use the same counters and their records are not in <see cref="Sources"/>.
    /// </summary>
    public bool HasOthers { get; init; }

    /// <summary>The caller to assume for calls whose caller is not recorded; null for none.</summary>
    public Caller? Caller { get; init; }

    /// <summary>Returns the accepted class of a tool of a server; null if the classes are unknown.</summary>
    public Func<string, string, ToolClass>? ClassOf { get; init; }

    /// <summary>Maximum number of changes in the report; further ones are only counted.</summary>
    public int ChangesMax { get; init; } = 10_000;
}
