using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>
/// Finds the values at a path with <c>[*]</c>. A null stands for each place where the path ends early.
/// </summary>
internal static class PathValues
{
    /// <param name="path">The path.</param>
    /// <param name="arguments">The arguments of the call.</param>
    /// <param name="work">The budget to charge. If it is used up, the values are incomplete.</param>
    /// <param name="isElsewhere">True if some <c>[*]</c> met a value that is neither an array nor null.</param>
    /// <param name="firstStep">The step at which the path begins.</param>
    public static List<JsonNode?> Of(
        ArgumentPath path, JsonNode arguments, WorkBudget work, out bool isElsewhere, int firstStep = 0)
    {
        var values = new List<JsonNode?>();
        isElsewhere = false;
        Collect(path, firstStep, arguments, values, work, ref isElsewhere);
        return values;
    }

    private static void Collect(
        ArgumentPath path, int step, JsonNode node, List<JsonNode?> values, WorkBudget work, ref bool isElsewhere)
    {
        for (var current = node; ; step++)
        {
            if (step == path.Steps.Length)
            {
                values.Add(current);
                return;
            }

            if (path.Steps[step].IsEvery)
            {
                CollectEach(path, step, current, values, work, ref isElsewhere);
                return;
            }

            if (ArgumentPath.Step(current, path.Steps[step]) is not { } next)
            {
                values.Add(null);
                return;
            }

            current = next;
        }
    }

    private static void CollectEach(
        ArgumentPath path, int step, JsonNode node, List<JsonNode?> values, WorkBudget work, ref bool isElsewhere)
    {
        isElsewhere |= node.Kind is not (JsonKind.Array or JsonKind.Null);

        // An empty array counts as one place where the path ends early.
        if (node.Items.IsEmpty)
            values.Add(null);
        foreach (var item in node.Items)
        {
            if (!work.Spend(1))
                return;
            Collect(path, step + 1, item, values, work, ref isElsewhere);
        }
    }
}
