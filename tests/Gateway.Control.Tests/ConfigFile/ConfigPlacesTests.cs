using System.Reflection;
using Gateway.Control.Contracts;
using Gateway.Policy.Text;

namespace Gateway.Control.Tests.ConfigFile;

/// <summary>Everything that is wrong in the configuration file is said with file, line, column and pointer.</summary>
public sealed class ConfigPlacesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("{\n  \"servers\": {},\n}", 2, 16, "", "comma before '}'")]
    [InlineData("[]", 1, 1, "", "the configuration must be an object, not an array")]
    [InlineData("{ // no\n}", 1, 3, "", "comments are not JSON")]
    [InlineData("{\n \"server\": {} }", 2, 2, "/server", "no member \"server\"; did you mean \"servers\"?")]
    [InlineData("{ \"servers\": {},\n  \"servers\": {} }", 2, 3, "/servers", "occurs twice")]
    [InlineData("{ \"servers\":\n  [] }", 2, 3, "/servers", "must be an object, not an array")]
    [InlineData("{ \"servers\": {\n \"a b\": { \"url\": \"http://x/\" } } }", 2, 9, "/servers/a b", "valid name for")]
    [InlineData("{ \"servers\": { \"a\":\n 5 } }", 2, 2, "/servers/a", "must be an object, not the number 5")]
    [InlineData("{ \"servers\": { \"a\":\n { \"url\": 5 } } }", 2, 11, "/servers/a/url", "must be a string")]
    [InlineData(
        "{ \"servers\": { \"a\":\n { \"url\": \"ftp://x/\" } } }", 2, 11, "/servers/a/url", "http:// or https://")]
    [InlineData("{ \"servers\": { \"a\":\n { } } }", 2, 2, "/servers/a", "needs \"url\"")]
    [InlineData("{ \"servers\": { \"a\": { \"url\": \"http://x/\",\n \"headers\": { \"X\": \"${NO}\" } } } }",
        2, 20, "/servers/a/headers/X", "no variable NO")]
    [InlineData("{ \"servers\": { \"a\": { \"url\": \"http://x/\",\n \"headers\": { \"X\": null } } } }",
        2, 20, "/servers/a/headers/X", "must be a string, not null")]
    [InlineData("{ \"servers\": { \"a\": { \"command\": \"c\",\n \"childrenMax\": \"5\" } } }",
        2, 17, "/servers/a/childrenMax", "must be a whole number")]
    [InlineData("{ \"servers\": { \"a\": { \"command\": \"c\",\n \"ulimits\": { \"cpu\": 5 } } } }",
        2, 15, "/servers/a/ulimits/cpu", "no member \"cpu\"")]
    [InlineData("{ \"grants\": {\n \"g\": { \"server\": \"crn\", \"token\": \"0123456789abcdef\" } } }",
        2, 19, "/grants/g/server",
        "there is no server \"crn\"; correct the name, or add it under \"servers\"; did you mean \"crm\"?")]
    [InlineData("{ \"grants\": {\n \"g\": { \"servers\": { \"crm\": \"opne\" }, \"token\": \"0123456789abcdef\" } } }",
        2, 29, "/grants/g/servers/crm",
        "there is no policy \"opne\"; correct the name, or add it under \"policies\"; did you mean \"open\"?")]
    [InlineData("{ \"grants\": {\n \"g\": { \"expires\": \"2w\", \"server\": \"crm\" } } }",
        2, 20, "/grants/g/expires", "\"2w\" is not a time")]
    [InlineData("{ \"grants\": {\n \"g\": { \"tools_as\": \"serach\", \"server\": \"crm\" } } }",
        2, 21, "/grants/g/tools_as", "must be one of \"list\", \"search\", not \"serach\"; did you mean \"search\"?")]
    [InlineData("{ \"grants\": {\n \"g\": { \"toolsAs\": \"serach\", \"server\": \"crm\" } } }",
        2, 20, "/grants/g/toolsAs", "must be one of \"list\", \"search\", not \"serach\"; did you mean \"search\"?")]
    [InlineData("{ \"grants\": {\n \"g\": { \"toolsAs\": \"list\",\n \"tools_as\": \"search\", \"server\": \"s\" } } }",
        3, 14, "/grants/g/tools_as", "\"tools_as\" is the former name of \"toolsAs\", and their values differ")]
    [InlineData("{ \"grants\": {\n \"g\": { \"expires\": 5, \"server\": \"crm\" } } }",
        2, 20, "/grants/g/expires", "must be a string")]
    [InlineData("{ \"policies\": {\n \"p\": { \"file\": \"none\" } } }", 2, 17, "/policies/p/file", "cannot be read")]
    [InlineData("{ \"policies\": { \"é😀\": {},\n \"p\": { \"version\": \"1\", \"default\": 5 } } }",
        2, 36, "/policies/p/default", "must be one of")]
    [InlineData("{ \"policies\": {\n \"é😀\": { \"version\": 5, \"default\": \"deny\" } } }",
        2, 22, "/policies/é😀/version", "the string \"1\"")]
    [InlineData("{ \"publicUrl\":\n \"x\" }", 2, 2, "/publicUrl", "begins with http:// or https://")]
    [InlineData("{ \"allowedHosts\": [\n 5 ] }", 2, 2, "/allowedHosts/0", "must be a string")]
    [InlineData("{ \"trustedProxies\": [ \"10.0.0.7\",\n \"10.0.0.300\" ] }",
        2, 2, "/trustedProxies/1", "not an IP address or network")]
    [InlineData("{ \"trustedProxies\": [\n \"nginx\" ] }", 2, 2, "/trustedProxies/0", "not an IP address or network")]
    [InlineData("{ \"trustedProxies\": [\n \"010.0.0.7\" ] }", 2, 2, "/trustedProxies/0", "not an IP address")]
    [InlineData("{ \"trustedProxies\": [\n \"10/8\" ] }", 2, 2, "/trustedProxies/0", "not an IP address")]
    [InlineData("{ \"trustedProxies\": [\n \"fe80::1%1\" ] }", 2, 2, "/trustedProxies/0", "not an IP address")]
    [InlineData("{ \"trustedProxies\": [\n \"10.0.0.0/33\" ] }", 2, 2, "/trustedProxies/0", "number from 1 to 32")]
    [InlineData("{ \"trustedProxies\": [\n \"2001:db8::/\" ] }", 2, 2, "/trustedProxies/0", "number from 1 to 128")]
    [InlineData("{ \"trustedProxies\": [\n \"10.0.0.7/8\" ] }", 2, 2, "/trustedProxies/0", "write 10.0.0.0/8, or")]
    [InlineData("{ \"trustedProxies\": [\n \"::ffff:10.0.0.7\" ] }", 2, 2, "/trustedProxies/0", "as 10.0.0.7")]
    [InlineData("{ \"trustedProxies\": [\n \"0.0.0.0/0\" ] }", 2, 2, "/trustedProxies/0", "choose its own address")]
    [InlineData("{ \"trustedProxies\":\n \"10.0.0.7\" }", 2, 2, "/trustedProxies", "must be an array")]
    [InlineData("{ \"admin\": { \"key\":\n \"short\" } }", 2, 2, "/admin/key", "16 to 512")]
    [InlineData("{ \"admin\": { \"passkeyDomain\":\n \"https://a.example\" } }",
        2, 2, "/admin/passkeyDomain", "such as example.com")]
    public void Says_line_column_and_pointer(string json, int line, int column, string pointer, string said)
    {
        var result = Load(json);

        Assert.Null(result.Snapshot);
        var problem = Assert.Single(
            result.Problems, problem => problem.Message.Contains(said, StringComparison.Ordinal));
        Assert.Equal((line, column, pointer), (problem.Line, problem.Column, problem.Pointer));
        var at = pointer.Length == 0 ? "" : $" at {pointer}";
        Assert.Equal($"{Path_}:{line}:{column}: error{at}: {problem.Message}", problem.ToString());
    }

    [Theory]
    [InlineData("{ \"grants\": {\n \"g\": { \"labels\": { \"a/b\": \"x y\" }, \"server\": \"crm\" } } }",
        2, 28, "/grants/g/labels/a~1b", "\"x y\" is not a valid value of a label; write at most 63 letters")]
    [InlineData("{ \"grants\": {\n \"g\": { \"labels\": { \"a b\": \"\" }, \"server\": \"crm\" } } }",
        2, 28, "/grants/g/labels/a b", "\"a b\" is not a valid key of a label; write at most 63 letters")]
    [InlineData("{ \"grants\": {\n \"g\": { \"labels\": { \"a\": null }, \"server\": \"crm\" } } }",
        2, 26, "/grants/g/labels/a", "must be a string, not null")]
    [InlineData("{ \"grants\": {\n \"g\": { \"labels\": [ \"a\" ], \"server\": \"crm\" } } }",
        2, 19, "/grants/g/labels", "\"labels\" must be an object, not an array")]
    [InlineData("{ \"grants\": {\n \"g\": { \"labels\": { \"a\": \"1\", \"a\": \"2\" }, \"server\": \"crm\" } } }",
        2, 31, "/grants/g/labels/a", "occurs twice")]
    public void Says_the_place_of_a_label(string json, int line, int column, string pointer, string said) =>
        Says_line_column_and_pointer(json, line, column, pointer, said);

    [Fact]
    public void Says_everything_in_the_order_of_the_file_and_then_of_the_policy_files()
    {
        _folder.File("p.json", """{ "version": "1", "default": "maybe" }""");

        var result = ConfigLoader.Load(_folder.File("gateway.json", """
            {
              "publicUrl": "x",
              "policies": { "p": { "file": "p.json" }, "q": { "version": "1", "default": "never" } },
              "grants": { "g": { "server": "a", "token": "${NONE}", "expires": "soon", "policies": 1 } },
              "more": 1
            }
            """), _ => null);

        Assert.Equal(
            ["/publicUrl", "/policies/q/default", "/grants/g/server", "/grants/g/token", "/grants/g/expires",
                "/grants/g/policies", "/more", "/default"],
            result.Problems.Select(static problem => problem.Pointer));
        Assert.Equal("p.json", Path.GetFileName(result.Problems[^1].File));
    }

    [Fact]
    public void Refuses_a_directory_in_place_of_the_file()
    {
        var problem = Assert.Single(ConfigLoader.Load(_folder.Path, _ => null).Problems);

        Assert.Equal(_folder.Path, problem.File);
        Assert.Contains("cannot be read", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_file_beyond_the_bound_unread()
    {
        var path = _folder.File("gateway.json", "{" + new string(' ', PolicyBounds.DocumentBytesMax) + "}");

        Assert.Contains("bytes; at most", Assert.Single(ConfigLoader.Load(path, _ => null).Problems).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(GatewayConfig), "{ \"*\": 0 }")]
    [InlineData(typeof(GrantFile), "{ \"grants\": { \"g\": { \"*\": 0 } } }")]
    [InlineData(typeof(ServerFile), "{ \"servers\": { \"s\": { \"*\": 0 } } }")]
    [InlineData(typeof(ServerAccountInput), "{ \"servers\": { \"s\": { \"oauth\": { \"*\": 0 } } } }")]
    [InlineData(typeof(ProgramLimits), "{ \"servers\": { \"s\": { \"ulimits\": { \"*\": 0 } } } }")]
    [InlineData(typeof(SignInConfig), "{ \"oauth\": { \"*\": 0 } }")]
    [InlineData(typeof(AdminConfig), "{ \"admin\": { \"*\": 0 } }")]
    public void Reads_every_member_that_the_configuration_has(Type type, string json)
    {
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var written = property.GetCustomAttribute<System.Text.Json.Serialization.JsonPropertyNameAttribute>();
            var name = written?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(
                property.Name.Replace("OAuth", "Oauth", StringComparison.Ordinal));

            Assert.DoesNotContain(Load(json.Replace("*", name, StringComparison.Ordinal)).Problems,
                problem => problem.Message.Contains($"has no member \"{name}\"", StringComparison.Ordinal));
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Path_ => Path.Combine(_folder.Path, "gateway.json");

    /// <summary>With a server and a policy to name, where the test has none of its own.</summary>
    private ConfigResult Load(string json)
    {
        const string there = """
             "servers": { "crm": { "url": "http://x/" } },
             "policies": { "open": { "version": "1", "default": "deny" } },
            """;
        return ConfigLoader.Load(
            _folder.File("gateway.json", json.Replace("{ \"grants\": {\n", "{" + there.ReplaceLineEndings("")
                + " \"grants\": {\n", StringComparison.Ordinal)),
            _ => null);
    }
}
