using System.Collections.Frozen;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>extensions</c>, the extensions of MCP that a document passes.</summary>
internal static class ExtensionsReader
{
    private const string Name = "extensions";

    /// <summary>Reads the member; null if it is absent.</summary>
    public static FrozenSet<string>? Read(MemberReader members)
    {
        if (members.Optional(Name) is not { } node)
            return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, at) in members.Items(node, Name))
        {
            if (item.Kind != JsonKind.String)
                members.Error(item, at, $"an extension is a string, not {MemberReader.Describe(item)}");
            else if (item.Text.Length is 0 or > PolicyBounds.ExtensionLengthMax || !item.Text.Contains('/'))
                members.Error(item, at, "an extension is a name with a prefix, such as "
                    + $"\"io.modelcontextprotocol/tasks\", of at most {PolicyBounds.ExtensionLengthMax} characters");
            else if (!names.Add(item.Text))
                members.Error(item, at, $"\"{Spelling.Shorten(item.Text)}\" is listed twice");
        }

        if (names.Count > PolicyBounds.ExtensionsMax)
        {
            members.Error(
                node, members.PointerTo(Name), $"\"{Name}\" has at most {PolicyBounds.ExtensionsMax} entries");
        }

        return names.ToFrozenSet(StringComparer.Ordinal);
    }
}
