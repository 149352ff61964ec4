using Gateway.Control.Documents;
using Gateway.Control.Snapshots;

namespace Gateway.Control.Updating;

/// <summary>What is another than before where nothing but grants of the store has changed.</summary>
internal sealed class GrantChanges
{
    private readonly List<(string Name, GrantDefinition? Now)> _stored;

    private GrantChanges(
        List<(string Name, GrantDefinition? Now)> stored, List<(string Name, GrantDefinition? Now)> inForce,
        List<(GrantDefinition? Before, GrantDefinition? Now)> definitions) =>
        (_stored, InForce, Definitions) = (stored, inForce, definitions);

    /// <summary>By name: of the grants that the configuration file does not have; null is gone.</summary>
    public IReadOnlyList<(string Name, GrantDefinition? Now)> InForce { get; }

    /// <summary>The same with what each was.</summary>
    public IReadOnlyList<(GrantDefinition? Before, GrantDefinition? Now)> Definitions { get; }

    /// <summary>
    /// Null where they have to be looked at with all others: one cannot be read, could not be before, or names a budget
    /// that it may not charge.
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
        return definitions.Any(one => IsUncharged(one.Item1) || IsUncharged(one.Now))
            ? null : new GrantChanges(stored, inForce, definitions);

        bool IsUncharged(GrantDefinition? grant) => grant is not null && state.Objects.Uncharged(grant).Any();
    }

    /// <summary>The state with these.</summary>
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
