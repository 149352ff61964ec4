using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Conditions;

/// <summary>Describes a value of the policy in a sentence.</summary>
internal static class PolicyValue
{
    public static string Describe(JsonNode value) => value.Kind switch
    {
        JsonKind.Number => Spelling.Shorten(value.Text),
        JsonKind.String => $"\"{Spelling.Shorten(value.Text)}\"",
        JsonKind.Array => "the array of the policy",
        JsonKind.Object => "the object of the policy",
        JsonKind.True => "true",
        JsonKind.False => "false",
        _ => "null",
    };
}
