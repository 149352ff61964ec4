using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Control.Contracts;

/// <summary>The policy that decides a grant's calls at one server.</summary>
/// <param name="Name">The policy's name; null denies every call there.</param>
[JsonConverter(typeof(Converter))]
public sealed record GrantedPolicy(string? Name)
{
    /// <summary>The JSON Schema of the values that the API accepts.</summary>
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

    /// <summary>
    /// The JSON <c>{"deny": true}</c>, which means the same as null. In a merge patch null would remove the server.
    /// </summary>
    public const string Denies = """{"deny":true}""";

    /// <summary>Returns the policy with a name; with null, returns the denial of every call.</summary>
    public static implicit operator GrantedPolicy(string? name) => new(name);

    /// <summary>A JSON converter that reads both spellings of a denial, and writes null.</summary>
    public sealed class Converter : JsonConverter<GrantedPolicy>
    {
        private const string Deny = "deny";
        private const string Rule = "Write the name of a policy for a server, or { \"deny\": true } to deny every "
            + "call.";

        /// <inheritdoc/>
        public override bool HandleNull => true;

        /// <inheritdoc/>
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

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, GrantedPolicy value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Name);
    }
}
