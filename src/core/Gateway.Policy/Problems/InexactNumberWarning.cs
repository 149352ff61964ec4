using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Problems;

/// <summary>Warns about numbers of a policy that a call cannot send, since no double is exactly that number.</summary>
internal static class InexactNumberWarning
{
    /// <summary>Warns about every such number in a value that arguments are compared with.</summary>
    public static void Run(JsonNode value, string pointer, DocumentContext context)
    {
        if (context.ReadsDecimals)
            return;
        if (value.Kind == JsonKind.Number && !InexactNumber.IsExact(value.Text))
        {
            context.Problems.Warn(FindingKind.InexactNumber, value.Offset, pointer,
                $"{Spelling.Shorten(value.Text)} is not exact as a double, so a call that sends it as a number is "
                + "refused: write it as a string here, or, if the server reads numbers as decimals, set "
                + "\"number\": \"decimal\" in this entry");
        }

        for (var i = 0; i < value.Items.Length; i++)
            Run(value.Items[i], JsonPointer.Append(pointer, i), context);
        foreach (var (name, _, member) in value.Members)
            Run(member, JsonPointer.Append(pointer, name), context);
    }
}
