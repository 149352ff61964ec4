using System.Text;
using Gateway.Limits.Model;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads exact decimals: JSON numbers, or strings that contain one.</summary>
internal static class AmountReader
{
    public static Amount? Read(MemberReader members, JsonNode? node, string name)
    {
        if (node is null)
            return null;
        if (node.Kind is not (JsonKind.Number or JsonKind.String))
        {
            members.WrongType(node, name, "a number, or a string that contains one");
            return null;
        }

        var written = Encoding.UTF8.GetBytes(node.Text);
        if (written.Length == 0 || JsonNumber.LengthOf(written) != written.Length)
            return Refuse(members, node, name, "must be written as a JSON number (25 or \"25.00\")");
        if (written[0] == '-')
            return Refuse(members, node, name, "must be 0 or more");
        if (!Amount.TryParse(written, out var amount))
            return Refuse(members, node, name, "must have at most 18 integer and 9 fraction digits");
        return amount;
    }

    private static Amount? Refuse(MemberReader members, JsonNode node, string name, string why)
    {
        members.Error(node, members.PointerTo(name), $"\"{name}\" {why}, not {Spelling.Shorten(node.Text)}");
        return null;
    }
}
