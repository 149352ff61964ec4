using Gateway.Mcp.Writing;

namespace Gateway.Mcp.Tests.Writing;

public sealed class RawJsonTests
{
    [Theory]
    [InlineData("""{ "a" : { "x":1, "b" :"v" } , "b":2}""", "\"v\"")]
    [InlineData("""{"a":{"x":{"b":3}}}""", null)]
    [InlineData("""{"a":[{"b":3}]}""", null)]
    public void Find_returns_the_position_of_the_value_at_the_path(string json, string? value)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var found = RawJson.Find(bytes, "a", "b") is { } place ? Encoding.UTF8.GetString(bytes[place]) : null;
        Assert.Equal(value, found);
    }

    [Fact]
    public void Replace_keeps_every_other_byte()
    {
        var bytes = """{ "a" : {"b" : "v"} , "c":1.0}"""u8.ToArray();
        var replaced = RawJson.Replace(bytes, RawJson.Find(bytes, "a", "b")!.Value, RawJson.Text("ü\""));
        Assert.Equal("""{ "a" : {"b" : "\u00FC\u0022"} , "c":1.0}""", Encoding.UTF8.GetString(replaced));
        Assert.Equal("ü\"", RawJson.String(replaced.AsSpan()[RawJson.Find(replaced, "a", "b")!.Value]));
    }

    [Theory]
    [InlineData("""{"p":{"x":1,"y":2}}""", """{"p":{"y":2}}""")]
    [InlineData("""{"p":{"y":2, "x":1}}""", """{"p":{"y":2}}""")]
    [InlineData("""{"p":{"x":1}}""", """{"p":{}}""")]
    [InlineData("""{"p":{"y":{"x":1}},"x":1}""", """{"p":{"y":{"x":1}},"x":1}""")]
    public void Without_removes_one_member_with_its_comma(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(RawJson.Without(Encoding.UTF8.GetBytes(json), "p", "x")));
}
