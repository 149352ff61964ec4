using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Control.Contracts;

/// <summary>JSON Schema of declared members.</summary>
public static class SpecSchema
{
    /// <summary>Returns the schema of the declared members of a type, for <c>properties</c>.</summary>
    public static JsonObject Properties(JsonTypeInfo type)
    {
        var properties = new JsonObject();
        var members = SpecMember.Of(type);
        foreach (var member in members)
        {
            var schema = Describe([], member);
            if (members.Any(other => other.Declared.FormerName == member.Name))
                schema["deprecated"] = true;
            properties[member.Name] = schema;
        }

        return properties;
    }

    /// <summary>Adds the declaration of a member to the schema of its values.</summary>
    public static JsonObject Describe(JsonObject schema, SpecMember member)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(member);
        schema.Insert(0, "description", member.Declared.Text);
        if (member.Kind == MemberKind.Choice)
        {
            schema.Remove("type");
            schema["enum"] = new JsonArray([.. member.Declared.Choices.Select(static one => JsonValue.Create(one))]);
            schema["default"] = member.Declared.Choices[0];
            return schema;
        }

        schema["type"] ??= new JsonArray(member.Kind == MemberKind.Text ? "string" : "object", "null");
        if (member.Declared.LengthMax > 0)
            schema["maxLength"] = member.Declared.LengthMax;
        if (member.Kind == MemberKind.Map)
        {
            schema["additionalProperties"] ??= new JsonObject
            {
                ["type"] = member.Declared.HasNulls ? new JsonArray("string", "null") : "string",
            };
        }

        return schema;
    }
}
