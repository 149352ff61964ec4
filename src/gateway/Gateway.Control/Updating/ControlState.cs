using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Policy.Decisions;

namespace Gateway.Control.Updating;

/// <summary>The state of the control plane at one instant; the current snapshot was built from exactly this.</summary>
public sealed record ControlState
{
    /// <summary>The state before anything was read.</summary>
    public static ControlState Empty { get; } = new();

    /// <summary>The documents of the store, as they were read.</summary>
    public ControlSnapshot Documents { get; init; } = ControlSnapshot.Empty;

    /// <summary>The servers, policies and grants of the store.</summary>
    public DefinitionSet Stored { get; init; } = DefinitionSet.None;

    /// <summary>The objects of the configuration file.</summary>
    public ConfigObjects Config { get; init; } = ConfigObjects.None;

    /// <summary>The objects of file and store together; the file wins.</summary>
    public DefinitionSet Objects { get; init; } = DefinitionSet.None;

    /// <summary>The names of renamed servers; everything else here has their first names.</summary>
    public ServerNames Names { get; init; } = ServerNames.None;

    /// <summary>The present names of all servers.</summary>
    public IEnumerable<string> ServerNamesShown => Objects.Servers.Keys.Select(Names.Shown);

    /// <summary>
    /// The key that the admin API requires; null if there is none, so that the API refuses every request.
    /// </summary>
    public TokenHash? AdminKey { get; init; }

    /// <summary>The operators' pauses, whatever their origin.</summary>
    public Pauses Pauses { get; init; } = Pauses.None;

    /// <summary>The reasons why stored objects are not in effect.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>True if each document of the store could be read, so that none has to be read again.</summary>
    public bool IsAllRead { get; init; } = true;

    /// <summary>The expiry of each grant that was seen to be reached.</summary>
    internal FrozenDictionary<string, long> Ended { get; init; } = FrozenDictionary<string, long>.Empty;

    /// <summary>
    /// Returns true if a grant has expired: at a time in Unix milliseconds, or before by a clock that was set back
    /// since.
    /// </summary>
    public bool HasEnded(GrantDefinition grant, long nowMs) =>
        nowMs >= grant.ExpiresMs || (grant.ExpiresMs is { } endsMs && IsReached(grant.Name, endsMs));

    /// <summary>Returns true if this expiry of a grant was already reached, whatever the clock shows now.</summary>
    public bool IsReached(string grant, long endsMs) => Ended.TryGetValue(grant, out var reached) && reached == endsMs;

    /// <summary>The number of resets of each counter.</summary>
    internal CounterGenerations Generations { get; init; } = CounterGenerations.None;
}
