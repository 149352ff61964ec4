using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>rounds</c>.</summary>
internal static class RoundsReader
{
    private const string Name = "rounds";

    /// <summary>
    /// Reads the number; null if it is absent or, with a problem reported, not a whole number within its bounds.
    /// </summary>
    public static int? Read(MemberReader members)
    {
        if (members.Optional(Name) is not { } node)
            return null;
        if (node.Kind == JsonKind.Number && JsonDecimal.TryParse(node.Text, out var written))
        {
            for (var rounds = 0; rounds <= PolicyBounds.RoundsMax; rounds++)
            {
                if (written.Equals(JsonDecimal.OfInteger(rounds)))
                    return rounds;
            }
        }

        members.Error(node, members.PointerTo(Name),
            $"\"{Name}\" must be a whole number from 0 to {PolicyBounds.RoundsMax}, not {MemberReader.Describe(node)}");
        return null;
    }
}
