using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Policy.Decisions;

namespace Gateway.Control.Updating;

/// <summary>What the control plane knows at one instant; the snapshot in force was built from exactly this.</summary>
public sealed record ControlState
{
    /// <summary>Before anything was read.</summary>
    public static ControlState Empty { get; } = new();

    /// <summary>The documents of the store, as they were read.</summary>
    public ControlSnapshot Documents { get; init; } = ControlSnapshot.Empty;

    /// <summary>The servers, policies and grants of the store.</summary>
    public DefinitionSet Stored { get; init; } = DefinitionSet.None;

    /// <summary>What the configuration file says.</summary>
    public ConfigObjects Config { get; init; } = ConfigObjects.None;

    /// <summary>File and store together; the file wins.</summary>
    public DefinitionSet Objects { get; init; } = DefinitionSet.None;

    /// <summary>The names of renamed servers; everything else here has their first names.</summary>
    public ServerNames Names { get; init; } = ServerNames.None;

    /// <summary>The present names of all servers.</summary>
    public IEnumerable<string> ServerNamesShown => Objects.Servers.Keys.Select(Names.Shown);

    /// <summary>The key that the admin API asks for; null where there is none, and the API refuses.</summary>
    public TokenHash? AdminKey { get; init; }

    /// <summary>What the operator has stopped, whatever made it.</summary>
    public Pauses Pauses { get; init; } = Pauses.None;

    /// <summary>What is stored and not in force, and why.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>Whether each document of the store could be read: then nothing has to be tried again.</summary>
    internal bool IsAllRead { get; init; } = true;

    /// <summary>The expiry of each grant that was seen to be reached.</summary>
    internal FrozenDictionary<string, long> Ended { get; init; } = FrozenDictionary<string, long>.Empty;

    /// <summary>
    /// Whether a grant has expired: at an instant in Unix milliseconds, or before by a clock that was set back since.
    /// </summary>
    public bool HasEnded(GrantDefinition grant, long nowMs) =>
        nowMs >= grant.ExpiresMs || (grant.ExpiresMs is { } endsMs && IsReached(grant.Name, endsMs));

    /// <summary>Whether this expiry of a grant was reached already, whatever the clock shows now.</summary>
    public bool IsReached(string grant, long endsMs) => Ended.TryGetValue(grant, out var reached) && reached == endsMs;

    /// <summary>How often each counter was reset.</summary>
    internal CounterGenerations Generations { get; init; } = CounterGenerations.None;
}
