using Gateway.Audit.Arguments;
using Gateway.Policy;
using Gateway.Policy.Lists;

namespace Gateway.Audit.Replaying;

/// <summary>What is to be replayed.</summary>
/// <param name="Directory">The directory of the audit log.</param>
/// <param name="Candidate">The policy that judges.</param>
public sealed record ReplayRequest(string Directory, CompiledPolicy Candidate)
{
    /// <summary>In whose place it stands; null for the only one that is recorded.</summary>
    public string? Policy { get; init; }

    /// <summary>
    /// By digest of the document: a call is judged by the version that its record names, where that is among them, and
    /// by the candidate else. That changes nothing but where a record is not what happened.
    /// </summary>
    public IReadOnlyDictionary<string, CompiledPolicy>? Versions { get; init; }

    /// <summary>Calls from this instant on are judged, Unix milliseconds; earlier ones are only counted.</summary>
    public long SinceMs { get; init; }

    /// <summary>The lists that it names; none where it is null.</summary>
    public NamedLists? Lists { get; init; }

    /// <summary>Finds recorded values of arguments; null where there are none.</summary>
    public ArgumentReader? Arguments { get; init; }

    /// <summary>Whether other frontends count on the same counters and have records of their own.</summary>
    public bool HasOthers { get; init; }

    /// <summary>Changes that are listed; what comes beyond is only counted.</summary>
    public int ChangesMax { get; init; } = 10_000;
}
