using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>
/// A reader of responses by their contract. A gateway may be one release older or newer: unknown members are ignored,
/// and a required member that the gateway does not send is read as empty.
/// </summary>
internal static class ResponseReader
{
    /// <summary>The value of an enumeration for a word that only a newer release defines.</summary>
    private const int UnknownWord = -1;

    /// <summary>Returns the value of a response.</summary>
    /// <exception cref="JsonException">The response does not match the contract.</exception>
    public static T Read<T>(JsonNode json, JsonTypeInfo<T> type)
    {
        var completed = json.DeepClone();
        Complete(completed, type);
        return completed.Deserialize(type) ?? throw new JsonException("null is not a response");
    }

    private static void Complete(JsonNode? node, JsonTypeInfo type)
    {
        if (node is JsonObject json && type.Kind == JsonTypeInfoKind.Object)
        {
            foreach (var member in type.Properties)
                Complete(json, member, type.Options.GetTypeInfo(member.PropertyType));
        }
        else if (type.ElementType is { } element && type.Options.GetTypeInfo(element) is var item)
        {
            foreach (var one in node switch { JsonArray all => all, JsonObject map => map.Select(At), _ => [] })
                Complete(one, item);
        }

        static JsonNode? At(KeyValuePair<string, JsonNode?> pair) => pair.Value;
    }

    private static void Complete(JsonObject json, JsonPropertyInfo member, JsonTypeInfo type)
    {
        var isRequired = !member.IsGetNullable && Nullable.GetUnderlyingType(member.PropertyType) is null;
        if (json[member.Name] is { } value)
        {
            if (IsUnknownWord(value, type))
                json[member.Name] = UnknownWord;
            else
                Complete(value, type);
        }
        else if (isRequired && Empty(type) is { } empty)
        {
            json[member.Name] = empty;
            Complete(empty, type);
        }
        else if (type.Type == typeof(JsonElement))
            json[member.Name] = null;
        else if (member.IsRequired)
            json[member.Name] = Default(type.Type);
        else if (isRequired)
            json.Remove(member.Name);
    }

    /// <summary>Returns an empty value for a type; null if the default of the type serves as one.</summary>
    private static JsonNode? Empty(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Enumerable => new JsonArray(),
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => new JsonObject(),
        _ => type.Type == typeof(string) ? "" : type.Type == typeof(JsonObject) ? new JsonObject() : null,
    };

    /// <summary>
    /// Returns the value of a missing member of a value type: a number, an instant or an enumeration.
    /// </summary>
    private static JsonNode? Default(Type type) =>
        Nullable.GetUnderlyingType(type) is not null || !type.IsValueType ? null
        : type == typeof(bool) ? false
        : type == typeof(DateTimeOffset) ? JsonValue.Create(default(DateTimeOffset)) : 0;

    private static bool IsUnknownWord(JsonNode value, JsonTypeInfo type)
    {
        if (!(Nullable.GetUnderlyingType(type.Type) ?? type.Type).IsEnum)
            return false;
        try
        {
            _ = value.Deserialize(type);
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }
}
