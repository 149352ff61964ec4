using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Admin.Grants;

/// <summary>The policy that decides a grant's calls at one server.</summary>
/// <param name="Name">The policy's name; null denies every call there.</param>
[JsonConverter(typeof(Converter))]
internal sealed record GrantedPolicy(string? Name)
{
    /// <summary>JSON Schema of what is read.</summary>
    public const string Schema = """
        {
          "oneOf": [
            { "type": "string" },
            {
              "type": "object", "properties": { "deny": { "const": true } }, "required": ["deny"],
              "additionalProperties": false
            },
            { "type": "null" }
          ]
        }
        """;

    /// <summary>Writes <c>{"deny": true}</c> rather than null, which a merge patch could not contain.</summary>
    internal sealed class Converter : JsonConverter<GrantedPolicy>
    {
        private const string Deny = "deny";
        private const string Rule = "A server takes the name of a policy, or { \"deny\": true } to deny every call.";

        public override bool HandleNull => true;

        public override GrantedPolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Null:
                    return new GrantedPolicy(null as string);
                case JsonTokenType.String:
                    return new GrantedPolicy(reader.GetString());
                case JsonTokenType.StartObject
                    when reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(Deny)
                        && reader.Read() && reader.TokenType == JsonTokenType.True
                        && reader.Read() && reader.TokenType == JsonTokenType.EndObject:
                    return new GrantedPolicy(null as string);
                default:
                    throw new JsonException(Rule);
            }
        }

        public override void Write(Utf8JsonWriter writer, GrantedPolicy value, JsonSerializerOptions options)
        {
            if (value.Name is not null)
            {
                writer.WriteStringValue(value.Name);
                return;
            }

            writer.WriteStartObject();
            writer.WriteBoolean(Deny, true);
            writer.WriteEndObject();
        }
    }
}
