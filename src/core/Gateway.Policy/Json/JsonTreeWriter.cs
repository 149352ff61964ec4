using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Gateway.Policy.Json;

/// <summary>Writes a <see cref="JsonNode"/> as JSON, with every number as written.</summary>
public static class JsonTreeWriter
{
    /// <summary>Returns the value as text.</summary>
    public static string Write(JsonNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, node);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonNode node)
    {
        switch (node.Kind)
        {
            case JsonKind.Object:
                json.WriteStartObject();
                foreach (var member in node.Members)
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonKind.Array:
                json.WriteStartArray();
                foreach (var item in node.Items)
                    Write(json, item);
                json.WriteEndArray();
                break;
            case JsonKind.String:
                json.WriteStringValue(node.Text);
                break;
            case JsonKind.Number:
                json.WriteRawValue(node.Text, skipInputValidation: true);
                break;
            case JsonKind.True or JsonKind.False:
                json.WriteBooleanValue(node.Kind == JsonKind.True);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
