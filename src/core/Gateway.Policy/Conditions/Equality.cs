using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>Compares an argument with a value of the policy for equality, as far as the two can be compared.</summary>
internal static class Equality
{
    /// <summary>
    /// Compares values of one kind: numbers exactly, arrays and objects part by part. A string counts as a number if
    /// the policy's value is one. Any value can be compared with null.
    /// </summary>
    public static TriState Compare(JsonNode policy, JsonNode argument, WorkBudget work)
    {
        switch (policy.Kind)
        {
            case JsonKind.Null:
                return TriStateTable.Of(argument.Kind == JsonKind.Null);
            case JsonKind.True or JsonKind.False when argument.Kind is JsonKind.True or JsonKind.False:
                return TriStateTable.Of(policy.Kind == argument.Kind);
            case JsonKind.Number when Numbers.TryRead(argument, work, out var number):
                return Numbers.TryRead(policy, work, out var wanted)
                    ? TriStateTable.Of(number.Equals(wanted))
                    : TriState.Incomparable;
            case JsonKind.String when argument.Kind == JsonKind.String:
                return TriStateTable.Of(string.Equals(policy.Text, argument.Text, StringComparison.Ordinal));
            case JsonKind.Array when argument.Kind == JsonKind.Array:
                return CompareItems(policy, argument, work);
            case JsonKind.Object when argument.Kind == JsonKind.Object:
                return CompareMembers(policy, argument, work);
            default:
                return TriState.Incomparable;
        }
    }

    private static TriState CompareItems(JsonNode policy, JsonNode argument, WorkBudget work)
    {
        if (policy.Items.Length != argument.Items.Length)
            return TriState.False;
        if (!work.Spend(policy.Items.Length))
            return TriState.Incomparable;
        var triState = TriState.True;
        for (var i = 0; i < policy.Items.Length; i++)
            triState = TriStateTable.And(triState, Compare(policy.Items[i], argument.Items[i], work));
        return triState;
    }

    private static TriState CompareMembers(JsonNode policy, JsonNode argument, WorkBudget work)
    {
        if (policy.Members.Length != argument.Members.Length)
            return TriState.False;
        if (!work.Spend(policy.Members.Length))
            return TriState.Incomparable;
        var triState = TriState.True;
        foreach (var member in policy.Members)
        {
            var other = argument.Find(member.Name);
            triState = TriStateTable.And(triState, other is null ? TriState.False : Compare(member.Value, other, work));
        }

        return triState;
    }
}
