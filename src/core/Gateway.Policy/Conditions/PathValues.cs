using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>
/// The values that a path with <c>[*]</c> names; a null stands for each place where the path ends early.
/// </summary>
internal static class PathValues
{
    /// <param name="path">The path.</param>
    /// <param name="arguments">The arguments of the call.</param>
    /// <param name="work">What it is charged to; where that is used up, the values are not all.</param>
    /// <param name="isElsewhere">Some <c>[*]</c> met a value that is neither an array nor null.</param>
    /// <param name="firstStep">Where the path begins.</param>
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

        // No element at all is one place where the path ends early.
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
