using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Control.Contracts;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader of objects in the configuration file, according to the declarations of their members.</summary>
internal static class SpecReader
{
    /// <summary>Returns the object with every member that could be read; null if the value is not an object.</summary>
    public static T? Read<T>(JsonNode node, string pointer, string what, DocumentContext context, JsonTypeInfo<T> type)
        where T : class =>
        (T?)Read(node, pointer, what, context, type, SpecMember.Of(type));

    private static object? Read(
        JsonNode node, string pointer, string what, DocumentContext context, JsonTypeInfo type,
        IEnumerable<SpecMember> declared)
    {
        if (MemberReader.Open(node, pointer, what, context) is not { } members)
            return null;
        var spec = type.CreateObject!();
        foreach (var member in declared)
            member.Set(spec, Value(members, member, type));
        members.RefuseOthers();
        return spec;
    }

    private static object? Value(MemberReader members, SpecMember member, JsonTypeInfo type) => member.Kind switch
    {
        MemberKind.Text or MemberKind.Choice => members.GivenText(member.Name),
        MemberKind.Flag => members.Flag(members.Given(member.Name), member.Name),
        MemberKind.Whole => Whole(member, members.GivenWhole(member.Name)),
        MemberKind.List => members.Given(member.Name) is { } list ? members.Texts(list, member.Name) : null,
        MemberKind.WholeMap => members.Given(member.Name) is { } map
            ? Numbers(map, members.PointerTo(member.Name), member.Name, members.Context) : null,
        MemberKind.Object => members.Given(member.Name) is { } inner
            ? Read(inner, members.PointerTo(member.Name), $"\"{member.Name}\"", members.Context, member.Type,
                member.Members)
            : null,
        MemberKind.Map => members.Given(member.Name) is { } node && IsMap(members, member, node)
            ? Deserialized(member, node, type) : null,
        MemberKind.Json => members.Given(member.Name) is { } node ? Deserialized(member, node, type) : null,
        _ => throw new NotSupportedException($"\"{member.Name}\" has the kind {member.Kind}."),
    };

    private static object? Whole(SpecMember member, long? number) =>
        member.Type.Type == typeof(long?) ? number as object : Small(number);

    // Clamping keeps a number that is out of range out of range, because all bounds are far below those of int.
    private static int? Small(long? number) =>
        number is { } value ? (int)Math.Clamp(value, int.MinValue, int.MaxValue) : null;

    private static Dictionary<string, int>? Numbers(
        JsonNode node, string pointer, string name, DocumentContext context)
    {
        if (MemberReader.Open(node, pointer, $"\"{name}\"", context) is not { } members)
            return null;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in members.Names)
        {
            if (Small(members.GivenWhole(key)) is { } number)
                numbers[key] = number;
        }

        return numbers;
    }

    private static bool IsMap(MemberReader members, SpecMember member, JsonNode node)
    {
        if (node.Kind != JsonKind.Object)
            members.WrongType(node, member.Name, "an object");
        var isMap = node.Kind == JsonKind.Object;
        var wanted = member.Declared.HasNulls ? "a string or null" : "a string";
        foreach (var (name, value) in node.Members.Select(static one => (one.Name, one.Value)))
        {
            if (value.Kind == JsonKind.String || (value.Kind == JsonKind.Null && member.Declared.HasNulls))
                continue;
            members.Error(value, JsonPointer.Append(members.PointerTo(member.Name), name),
                $"this must be {wanted}, not {MemberReader.Describe(value)}");
            isMap = false;
        }

        return isMap;
    }

    // The serializer creates the value in its declared type. The tree has already reported everything that the
    // serializer would reject.
    private static object? Deserialized(SpecMember member, JsonNode node, JsonTypeInfo type)
    {
        var json = $"{{\"{member.Name}\":{JsonTreeWriter.Write(node)}}}";
        var options = new JsonReaderOptions { MaxDepth = PolicyBounds.DocumentDepthMax + 1 };
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json), options);
        return member.Get(JsonSerializer.Deserialize(ref reader, type)!);
    }
}
