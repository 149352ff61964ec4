using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Conditions;

/// <summary>A number of the policy, with its digits as messages show them.</summary>
internal sealed record WrittenNumber(JsonDecimal Number, string Text)
{
    public static WrittenNumber? Of(JsonNode value) =>
        value.Kind == JsonKind.Number && JsonDecimal.TryParse(value.Text, out var number)
            ? new WrittenNumber(number, Spelling.Shorten(value.Text))
            : null;
}
