using System.Collections.Immutable;
using System.Globalization;
using Gateway.Limits.Model;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>by</c> and <c>keys_max</c> of a limit.</summary>
internal static class ValuePathReader
{
    private const string By = "by";
    private const string KeysMax = "keys_max";

    public static ImmutableArray<ValuePath> Read(MemberReader members)
    {
        if (members.Optional(By) is not { } node)
            return [];
        var pointer = members.PointerTo(By);
        if (node.Kind != JsonKind.Array)
            return ReadOne(members, node, pointer) is { } only ? [only] : [];
        if (node.Items.Length is 0 or > PolicyBounds.ByPathsMax)
        {
            members.Error(node, pointer, $"\"{By}\" must be a path, or a list of 1 to {PolicyBounds.ByPathsMax} paths");
            return [];
        }

        var paths = node.Items.Select((item, index) => ReadOne(members, item, JsonPointer.Append(pointer, index)));
        ValuePath[] read = [.. paths.OfType<ValuePath>()];
        if (read.GroupBy(static one => one.Path.Text).FirstOrDefault(static same => same.Count() > 1) is { } twice)
            members.Error(node, pointer, $"\"{twice.Key}\" occurs twice in \"{By}\": write it once");
        return [.. read];
    }

    public static Amount ReadMax(MemberReader members, bool hasValues)
    {
        var (node, max) = (members.Optional(KeysMax), PolicyBounds.KeysMaxDefault);
        if (node is null)
            return Amount.FromUnits(max);
        if (!hasValues)
            members.Error(node, members.PointerTo(KeysMax), $"\"{KeysMax}\" needs \"{By}\": add it, or remove "
                + $"\"{KeysMax}\"");
        if (node.Kind != JsonKind.Number
            || !int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out max)
            || max is < 1 or > PolicyBounds.KeysMaxMost)
        {
            members.Error(node, members.PointerTo(KeysMax),
                $"\"{KeysMax}\" must be a whole number from 1 to {PolicyBounds.KeysMaxMost}");
            return Amount.One;
        }

        return Amount.FromUnits(max);
    }

    private static ValuePath? ReadOne(MemberReader members, JsonNode node, string pointer)
    {
        if (node.Kind == JsonKind.String)
            return ReadPath(members, node, pointer) is { } path ? new ValuePath(path, ValueForm.Text) : null;
        if (node.Kind != JsonKind.Object)
        {
            members.Error(node, pointer,
                $"\"{By}\" must be a path such as \"args.to\", or {{ \"path\", \"as\" }}, "
                + $"not {MemberReader.Describe(node)}");
            return null;
        }

        var inner = MemberReader.Open(node, pointer, $"\"{By}\"", members.Context)!;
        var written = inner.Required("path", "name the argument") is { } text
            ? ReadPath(inner, text, inner.PointerTo("path"))
            : null;
        var form = ValueForms.Named(inner.Choice(inner.Optional("as"), "as", ValueForms.Names.AsSpan()));
        inner.RefuseOthers();
        return written is null ? null : new ValuePath(written, form);
    }

    private static ArgumentPath? ReadPath(MemberReader members, JsonNode node, string pointer)
    {
        if (node.Kind != JsonKind.String)
        {
            members.WrongType(node, "path", "a string");
            return null;
        }

        if (ArgumentPath.TryParseOfCall(node.Text, out var path, out var problem)
            && !path.HasEvery && !path.Steps.IsEmpty)
        {
            return path;
        }

        members.Error(node, pointer, problem ?? (path.HasEvery
            ? "\"[*]\" names more than one value, but a call is counted for one value: name a single value"
            : "all arguments together are not a value: name one of them, such as \"args.to\""));
        return null;
    }
}

/// <summary>An argument whose values a limit counts separately, and the form in which they are compared.</summary>
internal sealed record ValuePath(ArgumentPath Path, ValueForm Form)
{
    public override string ToString() => $"{Path} as {ValueForms.NameOf(Form)}";
}
