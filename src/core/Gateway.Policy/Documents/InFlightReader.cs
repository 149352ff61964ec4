using System.Globalization;
using Gateway.Limits.Model;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>max_in_flight</c>.</summary>
internal static class InFlightReader
{
    private const string Name = "max_in_flight";

    /// <summary>Reads the rule; null if it is absent or, with a problem reported, invalid.</summary>
    public static InFlightDocument? Read(MemberReader owner)
    {
        if (owner.Optional(Name) is not { } node)
            return null;
        if (MemberReader.Open(node, owner.PointerTo(Name), $"\"{Name}\"", owner.Context) is not { } members)
            return null;
        var max = ReadMax(members);
        var scope = members.Choice(members.Optional("scope"), "scope", "grant", "server");
        var wait = ApprovalReader.ReadWait(members);
        members.RefuseOthers();
        return max is { } calls
            ? new InFlightDocument(
                members.Pointer, members.Offset, calls, scope == "server" ? LimitScope.Server : LimitScope.Grant)
            {
                Wait = wait,
            }
            : null;
    }

    private static int? ReadMax(MemberReader members)
    {
        if (members.Required("max", "write how many calls may be open at once") is not { } node)
            return null;
        if (node.Kind == JsonKind.Number
            && int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var max)
            && max is >= 1 and <= PolicyBounds.InFlightMax)
        {
            return max;
        }

        members.Error(node, members.PointerTo("max"),
            $"\"max\" must be a whole number from 1 to {PolicyBounds.InFlightMax}, not {MemberReader.Describe(node)}");
        return null;
    }
}

/// <summary><c>max_in_flight</c> as written.</summary>
/// <param name="Pointer">The location of the rule.</param>
/// <param name="Offset">The offset of that location in the text.</param>
/// <param name="Max">Maximum number of calls that may be open at the same time.</param>
/// <param name="Scope">The scope of the calls that are counted together.</param>
internal sealed record InFlightDocument(string Pointer, int Offset, int Max, LimitScope Scope)
{
    /// <summary>The time for which a call may wait for a place as a task; zero refuses it at once.</summary>
    public TimeSpan Wait { get; init; }
}
