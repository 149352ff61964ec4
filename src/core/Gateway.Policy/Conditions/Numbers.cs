using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>Reads arguments as numbers if the policy's own value is one.</summary>
internal static class Numbers
{
    /// <summary>Reads a JSON number, or a string with the grammar of one.</summary>
    public static bool TryRead(JsonNode node, WorkBudget work, out JsonDecimal number)
    {
        number = default;
        return node.Kind is JsonKind.Number or JsonKind.String && work.SpendText(node.Text)
            && JsonDecimal.TryParse(node.Text, out number);
    }
}
