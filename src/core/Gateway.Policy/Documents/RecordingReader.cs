using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Recording;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>record_arguments</c>.</summary>
internal static class RecordingReader
{
    private const string Name = "record_arguments";

    /// <summary>Reads the member; null if no value is recorded.</summary>
    public static ArgumentRecording? Read(MemberReader members)
    {
        if (members.Optional(Name) is not { } node)
            return null;
        var pointer = members.PointerTo(Name);
        if (node.Kind == JsonKind.True)
            return ArgumentRecording.All;
        if (node.Kind != JsonKind.Array || node.Items.Length is 0 or > PolicyBounds.RecordedPathsMax)
        {
            members.Error(node, pointer, $"\"{Name}\" must be true, or a list of 1 to {PolicyBounds.RecordedPathsMax} "
                + $"paths such as \"args.to\", not {MemberReader.Describe(node)}; omit it to record no value");
            return null;
        }

        var paths = new List<ArgumentPath>();
        foreach (var (item, at) in members.Items(node, Name))
        {
            if (item.Kind != JsonKind.String)
                members.Error(item, at, $"a path is a string such as \"args.to\", not {MemberReader.Describe(item)}");
            else if (!ArgumentPath.TryParse(item.Text, out var path, out var problem))
                members.Error(item, at, problem!);
            else
                paths.Add(path);
        }

        return ArgumentRecording.Of(paths);
    }
}
