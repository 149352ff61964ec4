using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;
using Gateway.Control.Contracts;

namespace Gateway.Control.Tests.Contracts;

/// <summary>The published schema of the configuration file, in which contracts have their declared members.</summary>
internal static class SchemaFile
{
    public static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void AssertCurrent(Func<string, string> write) => GeneratedFile.AssertCurrent(
        write, "src", "gateway", "Gateway.Control", "ConfigFile", "gateway-v1.json");

    /// <summary>Returns the schema with the declared members of a type and of the objects in it.</summary>
    public static string WithMembers(string schema, JsonTypeInfo type, string? description = null)
    {
        var begin = schema.IndexOf($"\n    \"{SpecSchema.Definition(type)}\": {{\n", StringComparison.Ordinal);
        Assert.True(begin > 0, $"The schema does not define {SpecSchema.Definition(type)}.");
        var end = schema.IndexOf("\n    }", begin, StringComparison.Ordinal);
        var definition = schema[begin..end];
        definition = definition[..(definition.IndexOf("\n      \"properties\": ", StringComparison.Ordinal) + 1)]
            + Properties(type);
        if (description is not null)
        {
            const string member = "\n      \"description\": ";
            var at = definition.IndexOf(member, StringComparison.Ordinal) + member.Length;
            definition = definition[..at] + Text(description)
                + definition[definition.IndexOf(",\n", at, StringComparison.Ordinal)..];
        }

        return SpecMember.Of(type).Where(static member => member.Kind == MemberKind.Object).Aggregate(
            schema[..begin] + definition + schema[end..],
            static (written, member) => WithMembers(written, member.Type, member.Declared.Text));
    }

    /// <summary>Returns the member <c>properties</c> of a definition.</summary>
    public static string Properties(JsonTypeInfo type)
    {
        var properties = SpecSchema.Properties(type).Select(static one =>
            $"        \"{one.Key}\": {{\n" + string.Join(",\n", one.Value!.AsObject().Select(static keyword =>
                $"          \"{keyword.Key}\": {Text(keyword.Value)}")) + "\n        }");
        return $"      \"properties\": {{\n{string.Join(",\n", properties)}\n      }}";
    }

    // On one line, with the blanks that people write.
    private static string Text(JsonNode? node) => node switch
    {
        JsonObject map => $"{{ {string.Join(", ", map.Select(static one => $"\"{one.Key}\": {Text(one.Value)}"))} }}",
        JsonArray items => $"[{string.Join(", ", items.Select(Text))}]",
        _ => node?.ToJsonString(Plain) ?? "null",
    };
}
