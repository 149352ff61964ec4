using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Control.Contracts;

/// <summary>The JSON Schema of declared members.</summary>
public static class SpecSchema
{
    private static readonly string[] Endings = ["Spec", "File", "Input"];

    /// <summary>Returns the schema of the declared members of a type, for <c>properties</c>.</summary>
    public static JsonObject Properties(JsonTypeInfo type)
    {
        var properties = new JsonObject();
        var members = SpecMember.Of(type);
        foreach (var member in members)
        {
            var schema = member.Kind == MemberKind.Object
                ? new JsonObject { ["$ref"] = $"#/$defs/{Definition(member.Type)}" } : Describe([], member);
            if (members.Any(other => other.Declared.FormerName == member.Name))
                schema["deprecated"] = true;
            properties[member.Name] = schema;
        }

        return properties;
    }

    /// <summary>Returns the name of a type's definition in the published schema.</summary>
    public static string Definition(JsonTypeInfo type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var name = type.Type.Name;
        var ending = Array.Find(Endings, one => name.EndsWith(one, StringComparison.Ordinal)) ?? "";
        return JsonNamingPolicy.CamelCase.ConvertName(name[..^ending.Length]);
    }

    /// <summary>Adds the declaration of a member to the schema of its values.</summary>
    public static JsonObject Describe(JsonObject schema, SpecMember member)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(member);
        var declared = member.Declared;
        schema.Insert(0, "description", declared.Text);
        switch (member.Kind)
        {
            case MemberKind.Text:
                schema["type"] ??= declared.IsNumber ? new JsonArray("string", "number")
                    : declared.LengthMin > 0 ? "string" : Nullable("string");
                AddBounds("Length", declared.LengthMin, declared.LengthMax);
                break;
            case MemberKind.Choice:
                schema.Remove("type");
                schema["enum"] = Strings(declared.Choices);
                if (declared.HasDefault)
                    schema["default"] = declared.Choices[0];
                break;
            case MemberKind.Flag:
                schema["type"] ??= "boolean";
                schema["default"] = false;
                break;
            case MemberKind.Whole:
                schema["type"] ??= "integer";
                AddRange(schema);
                if (declared.Default > 0)
                    schema["default"] = declared.Default;
                break;
            case MemberKind.List:
                schema["type"] ??= "array";
                schema["items"] ??= new JsonObject { ["type"] = "string" };
                if (declared.Choices.Length > 0)
                    schema["items"] = new JsonObject { ["enum"] = Strings(declared.Choices) };
                AddBounds("Items", declared.CountMin, declared.CountMax);
                break;
            case MemberKind.Map:
                schema["type"] ??= Nullable("object");
                schema["additionalProperties"] ??= TextSchema(declared.HasNulls);
                break;
            case MemberKind.WholeMap:
                schema["type"] ??= Nullable("object");
                schema["additionalProperties"] ??= new JsonObject { ["type"] = "integer" };
                AddRange(schema["additionalProperties"]!.AsObject());
                break;
            case MemberKind.Json:
                var isList = member.Type.Kind == JsonTypeInfoKind.Enumerable;
                schema["type"] ??= isList ? "array" : Nullable("object");
                if (isList)
                    schema["items"] ??= Items(member.Type);
                AddBounds("Items", declared.CountMin, declared.CountMax);
                break;
            case MemberKind.Object:
                break;
            default:
                throw new NotSupportedException($"\"{member.Name}\" has the kind {member.Kind}.");
        }

        return schema;

        void AddBounds(string of, int min, int max)
        {
            if (min > 0)
                schema[$"min{of}"] = min;
            if (max is > 0 and < int.MaxValue)
                schema[$"max{of}"] = max;
        }

        void AddRange(JsonObject number) => (number["minimum"], number["maximum"]) = (declared.Min, declared.Max);
    }

    private static JsonObject TextSchema(bool hasNulls) =>
        new() { ["type"] = hasNulls ? Nullable("string") : "string" };

    /// <summary>Returns the schema of the items of a list: whole numbers, or objects with declared members.</summary>
    private static JsonObject Items(JsonTypeInfo list)
    {
        var item = list.Options.GetTypeInfo(list.Type.GetGenericArguments()[0]);
        return SpecMember.Of(item).IsEmpty ? new JsonObject { ["type"] = "integer" }
            : new JsonObject { ["$ref"] = $"#/$defs/{Definition(item)}" };
    }

    private static JsonArray Strings(string[] texts) => new([.. texts.Select(static one => JsonValue.Create(one))]);

    private static JsonArray Nullable(string type) => new(type, "null");
}
