using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>Finds numbers at the end of a path that a double does not distinguish from other numbers.</summary>
internal static class ExactPaths
{
    /// <summary>
    /// Returns the location of the first such number, with the indexes that <c>[*]</c> stands for; null if there is
    /// none. Meaningless once the budget is used up.
    /// </summary>
    public static string? FindInexact(ArgumentPath path, JsonNode arguments, WorkBudget work) =>
        Find(path, 0, arguments, work) is { } place ? $"args{place}" : null;

    private static string? Find(ArgumentPath path, int index, JsonNode node, WorkBudget work)
    {
        if (index == path.Steps.Length)
            return InexactNumber.FindIn(node, work);
        var step = path.Steps[index];
        if (!step.IsEvery)
        {
            if (ArgumentPath.Step(node, step) is not { } next || Find(path, index + 1, next, work) is not { } below)
                return null;
            return (step.Key is { } key ? InexactNumber.PlaceOf(key) : InexactNumber.PlaceOf(step.Index)) + below;
        }

        for (var i = 0; i < node.Items.Length && work.Spend(1); i++)
        {
            if (Find(path, index + 1, node.Items[i], work) is { } below)
                return InexactNumber.PlaceOf(i) + below;
        }

        return null;
    }
}
