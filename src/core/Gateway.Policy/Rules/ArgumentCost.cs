using System.Text;
using Gateway.Limits.Model;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>Reads the cost of a call from one of its arguments: exact, or the call is denied.</summary>
internal static class ArgumentCost
{
    private const int TextLengthMax = 1000;

    /// <summary>Reads a JSON number, or a string with the grammar of one. Nothing is rounded or guessed.</summary>
    public static bool TryRead(JsonNode arguments, ArgumentPath path, out Amount cost, out string problem)
    {
        cost = default;
        problem = "";
        var node = path.Find(arguments);
        if (node is null)
            problem = "is missing";
        else if (node.Kind is not (JsonKind.Number or JsonKind.String))
            problem = "is not a number";
        else if (node.Text.Length > TextLengthMax)
            problem = "has too many digits";
        else
            problem = TryAmount(node.Text, out cost);
        return problem.Length == 0;
    }

    public static PolicyDecision Deny(string pointer, ArgumentPath path, string what, string problem) =>
        BuiltInDecisions.Deny(
        $"{pointer}/increment_from",
        $"{path} {problem}, so the {what} cannot count it",
        $"Send {path} as a number of at most 18 integer and 9 fraction digits, not below 0.");

    private static string TryAmount(string text, out Amount cost)
    {
        cost = default;
        var written = Encoding.UTF8.GetBytes(text);
        if (written.Length == 0 || JsonNumber.LengthOf(written) != written.Length)
            return "is not a number";
        if (Amount.TryParse(written, out cost))
            return "";
        return written[0] == '-' ? "is negative" : "has too many digits";
    }
}
