using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Control.Contracts;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>Reads an object of the configuration file by the declarations of its members.</summary>
internal static class SpecReader
{
    /// <summary>Returns the object with every member that could be read; null if the value is not an object.</summary>
    public static T? Read<T>(JsonNode node, string pointer, string what, DocumentContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (MemberReader.Open(node, pointer, what, context) is not { } members)
            return null;
        var spec = (T)type.CreateObject!();
        foreach (var member in SpecMember.Of(type))
            member.Set(spec, Value(members, member, type));
        members.RefuseOthers();
        return spec;
    }

    private static object? Value(MemberReader members, SpecMember member, JsonTypeInfo type) => member.Kind switch
    {
        MemberKind.Text or MemberKind.Choice => members.GivenText(member.Name),
        MemberKind.Map => members.Given(member.Name) is { } node && IsMap(members, member, node)
            ? Deserialized(member, node, type) : null,
        MemberKind.Json => members.Given(member.Name) is { } node ? Deserialized(member, node, type) : null,
        _ => throw new NotSupportedException($"\"{member.Name}\" has the kind {member.Kind}."),
    };

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

    // The serializer creates the value in its own type; the tree has already refused what it would refuse.
    private static object? Deserialized(SpecMember member, JsonNode node, JsonTypeInfo type)
    {
        var json = $"{{\"{member.Name}\":{JsonTreeWriter.Write(node)}}}";
        var options = new JsonReaderOptions { MaxDepth = PolicyBounds.DocumentDepthMax + 1 };
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json), options);
        return member.Get(JsonSerializer.Deserialize(ref reader, type)!);
    }
}
