using Gateway.Control.Documents;
using Gateway.Control.Snapshots;

namespace Gateway.Control.Updating;

/// <summary>The changes of a state in which only grants of the store have changed.</summary>
internal sealed class GrantChanges
{
    private readonly List<(string Name, GrantDefinition? Now)> _stored;

    private GrantChanges(
        List<(string Name, GrantDefinition? Now)> stored, List<(string Name, GrantDefinition? Now)> inForce,
        List<(GrantDefinition? Before, GrantDefinition? Now)> definitions) =>
        (_stored, InForce, Definitions) = (stored, inForce, definitions);

    /// <summary>The changed grants by name, without those of the configuration file; null for a removed one.</summary>
    public IReadOnlyList<(string Name, GrantDefinition? Now)> InForce { get; }

    /// <summary>The changed grants with their previous definitions.</summary>
    public IReadOnlyList<(GrantDefinition? Before, GrantDefinition? Now)> Definitions { get; }

    /// <summary>
    /// Null if all grants have to be read: one is unreadable, was unreadable before, names a budget that it may not
    /// charge, or is selected by tokens of an issuer.
    /// </summary>
    public static GrantChanges? Find(ControlState state, ControlSnapshot documents, DocumentReader reader)
    {
        if (!state.IsAllRead)
            return null;
        var stored = new List<(string Name, GrantDefinition? Now)>();
        var changes = documents.TableOf(ControlKinds.Grants).ChangesSince(
            state.Documents.TableOf(ControlKinds.Grants));
        foreach (var (before, now) in changes.Where(static one => one.Before?.Version != one.Now?.Version))
        {
            var grant = now is null ? null : reader.ReadGrant(now);
            if (now is null)
                reader.Forget(before!.Key);
            else if (grant is null)
                return null;
            stored.Add(((now ?? before)!.Key.Name, grant));
        }

        var inForce = stored.Where(one => !state.Config.Objects.Grants.ContainsKey(one.Name)).ToList();
        var definitions = inForce.ConvertAll(one => (state.Objects.Grants.Find(one.Name), one.Now));
        return definitions.Any(one => IsUncharged(one.Item1) || IsUncharged(one.Now)
            || one.Item1?.Match is not null || one.Now?.Match is not null)
            ? null : new GrantChanges(stored, inForce, definitions);

        bool IsUncharged(GrantDefinition? grant) => grant is not null && state.Objects.Uncharged(grant).Any();
    }

    /// <summary>Returns the state with these changes.</summary>
    public ControlState Apply(ControlState state, ControlSnapshot documents) => state with
    {
        Documents = documents,
        Stored = Apply(state.Stored, _stored),
        Objects = Apply(state.Objects, InForce),
    };

    private static DefinitionSet Apply(
        DefinitionSet objects, IEnumerable<(string Name, GrantDefinition? Now)> changes)
    {
        var grants = changes.Aggregate(objects.Grants, static (all, one) => one.Now is { } grant
            ? all.With(one.Name, grant)
            : all.Without(one.Name));
        return objects with { Grants = grants };
    }
}
