using System.Text.Json.Serialization;

namespace Gateway.Policy.Tests.Json;

public sealed class JsonErrorsTests
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
    };

    [Theory]
    [InlineData("{}", "\"name\" is missing")]
    [InlineData("""{ "name": 1 }""", "/name must be a string")]
    [InlineData("""{ "name": "a", "count": "b" }""", "/count must be a number in the permitted range")]
    [InlineData("""{ "name": "a", "count": 99999999999 }""", "/count must be a number in the permitted range")]
    [InlineData("""{ "name": "a", "on": "yes" }""", "/on must be true or false")]
    [InlineData("""{ "name": "a", "texts": [1] }""", "/texts/0 must be a string")]
    [InlineData("""{ "name": "a", "texts": {} }""", "/texts must be an array")]
    [InlineData("""{ "name": "a", "map": [] }""", "/map must be an object")]
    [InlineData("""{ "name": "a", "map": { "x.y": 1 } }""", "/map/x.y must be a string")]
    [InlineData("""{ "name": "a", "nmae": "b" }""", "\"nmae\" is not a known member; remove it, or correct its name")]
    [InlineData("""{ "name": "a", "inner": { "x": 1 } }""",
        "\"x\" is not a known member at /inner; remove it, or correct its name")]
    [InlineData("""{ "name": "a", "name": "b" }""", "\"name\" occurs twice; write it once")]
    [InlineData("{ \n\"name\": x }", "line 2, byte 9: 'x' is an invalid start of a value")]
    [InlineData("""{ "name": "a", }""",
        "line 1, byte 16: The JSON object contains a trailing comma at the end which is not supported in this mode")]
    [InlineData("[]", "the value must be a value of the documented kind")]
    public void Describe_names_the_member_and_the_place_and_no_type(string json, string expected)
    {
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Body>(json, Strict));

        Assert.Equal(expected, JsonErrors.Describe(error));
    }

    private sealed record Body
    {
        public required string Name { get; init; }
        public int? Count { get; init; }
        public bool On { get; init; }
        public List<string>? Texts { get; init; }
        public Dictionary<string, string>? Map { get; init; }
        public Inner? Inner { get; init; }
    }

    private sealed record Inner;
}
