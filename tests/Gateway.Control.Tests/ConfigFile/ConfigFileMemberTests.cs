namespace Gateway.Control.Tests.ConfigFile;

public sealed class ConfigFileMemberTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void Reports_each_value_with_its_pointer_and_line()
    {
        Assert.Equal(
            [
                "/servers/afip/url 3 http://127.0.0.1:${PORT}/mcp",
                "/servers/afip/childrenMax 3 2",
                "/policies/open 4 (a document)",
                "/policies/other 5 the file other.json",
                "/grants/bot/server 7 afip",
                "/grants/bot/policy 7 open",
                "/allowedHosts 9 inner, outer",
            ],
            Members("""
                {
                  "servers": {
                    "afip": { "url": "http://127.0.0.1:${PORT}/mcp", "childrenMax": 2 } },
                  "policies": { "open": { "version": "1", "default": "allow" },
                    "other": { "file": "other.json" } },
                  "grants": {
                    "bot": { "server": "afip", "policy": "open" }
                  },
                  "allowedHosts": ["inner", "outer"]
                }
                """));
    }

    [Theory]
    [InlineData("""{ "admin": { "key": "0123456789abcdefX" } }""", "/admin/key 1 (not shown)")]
    [InlineData("""{ "admin": { "key": "${KEY}" } }""", "/admin/key 1 ${KEY}")]
    [InlineData("""{ "a": { "headers": { "X": "Bearer abc ${A}${B}" } } }""", "/a/headers/X 1 ${A} ${B}")]
    [InlineData("""{ "a": { "env": { "NAME": "0123" } } }""", "/a/env/NAME 1 (not shown)")]
    [InlineData("""{ "a": { "args": ["--key", "0123", "${KEY}"] } }""", "/a/args 1 ${KEY}")]
    [InlineData("""{ "url": "https://user:word@example.com/a?key=0123" }""", "/url 1 https://…@example.com/a?…")]
    [InlineData("""{ "url": "https://example.com/a@b" }""", "/url 1 https://example.com/a@b")]
    [InlineData("""{ "grants": { "a/b": { "virtualTools": { "x": [] } } } }""",
        "/grants/a~1b/virtualTools 1 (a document)")]
    public void Shows_no_secret(string json, string expected) => Assert.Equal([expected], Members(json));

    [Fact]
    public void Reports_the_first_thousand_of_a_long_file_and_truncates_a_long_value()
    {
        var hosts = string.Join(',', Enumerable.Range(0, 2000).Select(static n => $"\"member{n}\": \"x\""));

        Assert.Equal(ConfigFileMember.CountMax, Members($"{{ {hosts} }}").Count);
        Assert.Equal(200 + "/a 1 ".Length, Members($$"""{ "a": "{{new string('x', 1000)}}" }""").Single().Length);
    }

    [Fact]
    public void Are_known_of_a_file_that_was_loaded_and_never_hold_what_a_variable_holds()
    {
        var path = _folder.File("gateway.json", """{ "publicUrl": "https://${HOST}" }""");

        var config = ConfigLoader.Load(path, static _ => "mcp.example.com").Config!;

        Assert.Equal(new ConfigFileMember("/publicUrl", 1, "https://${HOST}"), Assert.Single(config.Members));
        Assert.Equal("https://mcp.example.com/", config.PublicUrl!.AbsoluteUri);
    }

    public void Dispose() => _folder.Dispose();

    private static List<string> Members(string json)
    {
        var places = ConfigPlaces.Read(Encoding.UTF8.GetBytes(json), "gateway.json");
        return [.. ConfigFileMember.Of(places.Root!, places.Lines)
            .Select(static one => $"{one.Pointer} {one.Line} {one.Value}")];
    }
}
