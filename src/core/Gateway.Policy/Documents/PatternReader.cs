using System.Collections.Immutable;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads names and patterns.</summary>
internal static class PatternReader
{
    /// <summary>Reads a pattern; null, with a problem reported, if the text is empty or too long.</summary>
    public static Glob? Read(string text, GlobStyle style, int offset, string pointer, DocumentContext context)
    {
        if (text.Length is > 0 and <= PolicyBounds.PatternLengthMax)
            return new Glob(text, style);
        context.Problems.Error(offset, pointer, text.Length == 0
            ? "an empty name matches nothing: use \"*\" for all"
            : $"a name or pattern has at most {PolicyBounds.PatternLengthMax} characters");
        return null;
    }

    public static ImmutableArray<PatternDocument> ReadList(MemberReader members, string name, GlobStyle style)
    {
        var list = ImmutableArray.CreateBuilder<PatternDocument>();
        foreach (var (node, pointer) in members.Items(members.Optional(name), name))
        {
            if (node.Kind != JsonKind.String)
                members.Error(node, pointer, $"a pattern must be a string, not {MemberReader.Describe(node)}");
            else if (Read(node.Text, style, node.Offset, pointer, members.Context) is { } glob)
                list.Add(new PatternDocument(glob, pointer, node.Offset));
        }

        return list.ToImmutable();
    }
}

/// <summary>One name or pattern of a list, and its location.</summary>
internal sealed record PatternDocument(Glob Glob, string Pointer, int Offset);
