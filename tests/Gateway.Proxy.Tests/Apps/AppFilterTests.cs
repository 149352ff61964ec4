using System.Collections.Frozen;
using Gateway.Mcp.Writing;
using Gateway.Policy;
using Gateway.Policy.Apps;
using Gateway.Policy.Variants;
using Gateway.Proxy.Apps;
using Gateway.Proxy.Pinning;

namespace Gateway.Proxy.Tests.Apps;

public sealed class AppFilterTests
{
    private const string Uri = "ui://s/app.html";
    private const string Page = "<html></html>";

    private const string Listed = """
        , "apps": { "csp": { "connectDomains": ["https://*.a.com"], "resourceDomains": ["*"] },
                  "permissions": ["camera"] }
        """;

    private const string Declared = """
        {"uri":"ui://s/app.html","text":"<html></html>","_meta":{"x":1,"ui":{"csp":{"connectDomains":
        ["https://b.a.com","https://b.com"],"resourceDomains":["https://c.com"],"frameDomains":["https://d.com"]},
        "permissions":{"camera":{},"microphone":{}},"domain":"d","prefersBorder":true,"future":{} } } }
        """;

    [Fact]
    public void Without_acceptance_an_app_has_no_origins_and_no_permissions()
    {
        const string expected = """
            {"x":1,"ui":{"csp":{"connectDomains":[],"resourceDomains":[],"frameDomains":[]},"permissions":{},
             "prefersBorder":true} }
            """;
        AssertJson(expected, Meta(Filter("").Content(Bytes(Declared))));
        AssertJson(expected, Meta(Filter("").Resource(Uri, Bytes(Declared))));
        AssertJson(expected, Meta(Filter("").Tool(Bytes(Declared))));
    }

    [Fact]
    public void A_policy_intersects_origins_and_permissions_with_its_own() => AssertJson(
        """
        {"x":1,"ui":{"csp":{"connectDomains":["https://b.a.com"],"resourceDomains":["https://c.com"],"frameDomains":[]},
         "permissions":{"camera":{}},"prefersBorder":true} }
        """,
        Meta(Filter(Listed).Content(Bytes(Declared))));

    [Fact]
    public void An_accepted_app_has_what_was_accepted_with_its_page()
    {
        const string expected = """
            {"x":1,"ui":{"csp":{"connectDomains":["https://b.com"],"resourceDomains":[],"frameDomains":[]},
             "permissions":{"microphone":{}},"domain":"d","prefersBorder":true} }
            """;
        var pinned = Accepted(Page, isCurrent: true);

        AssertJson(expected, Meta(Filter("", pinned).Content(Bytes(Declared))));
        AssertJson(expected, Meta(Filter("", pinned).Resource(Uri, Bytes(Declared))));
    }

    [Fact]
    public void Another_page_than_the_accepted_one_has_nothing()
    {
        const string expected = """
            {"x":1,"ui":{"csp":{"connectDomains":[],"resourceDomains":[],"frameDomains":[]},"permissions":{},
             "prefersBorder":true} }
            """;
        var other = Declared.Replace("<html>", "<html><script>", StringComparison.Ordinal);

        AssertJson(expected, Meta(Filter("", Accepted(Page, isCurrent: true)).Content(Bytes(other))));
        AssertJson(expected, Meta(Filter("", Accepted(Page, isCurrent: false)).Resource(Uri, Bytes(Declared))));
    }

    [Theory]
    [InlineData("""{"uri":"ui://s/app.html","text":"other"}""")]
    [InlineData("""{"uri":"ui://s/app.html","text":"other","_meta":{}}""")]
    [InlineData("""{"uri":"ui://s/app.html","text":"other","_meta":null}""")]
    public void Another_page_without_metadata_does_not_get_those_of_the_list(string content) => AssertJson(
        """{"ui":{} }""", Meta(Filter("", Accepted(Page, isCurrent: true)).Content(Bytes(content))));

    [Fact]
    public void Two_pages_in_one_content_are_not_the_accepted_page() => Assert.StartsWith(
        "{\"_meta\":{\"ui\":{}},", Text(Filter("", Accepted(Page, isCurrent: true)).Content(
            Bytes($$"""{"uri":"{{Uri}}","text":"{{Page}}","text":"other"}""")))!, StringComparison.Ordinal);

    [Fact]
    public void The_accepted_page_without_metadata_keeps_its_bytes()
    {
        Assert.Null(Filter("", Accepted(Page, true)).Content(Bytes($$"""{"uri":"{{Uri}}","text":"{{Page}}"}""")));
        Assert.Null(Filter("", Accepted(Page, true)).Content(
            Bytes($$"""{"uri":"{{Uri}}","blob":"{{Convert.ToBase64String(Bytes(Page))}}"}""")));
        Assert.Null(Filter("").Content(Bytes("""{"uri":"ui://s/other","text":"x","_meta":{"y":{"ui":1}}}""")));
    }

    [Theory]
    [InlineData("""{"_META":{"ui":{"csp":{"connectDomains":["https://a.com"]}}}}""", "{}")]
    [InlineData("""{"_meta":{"UI":{"csp":{"connectDomains":["https://a.com"]}}}}""", """{"_meta":{}}""")]
    [InlineData("""{"_meta":{"\u0075i":{"CSP":{"connectDomains":["https://a.com"]}}}}""", """{"_meta":{"\u0075i":{}}}""")]
    [InlineData("""{"_meta":{"ui":{"csp":"https://a.com"}}}""", """{"_meta":{"ui":{}}}""")]
    [InlineData("""{"_meta":{"ui":{"csp":{"connectDomains":"https://a.com"}}}}""", """{"_meta":{"ui":{"csp":{}}}}""")]
    [InlineData("""{"_meta":{"ui":{"permissions":["camera"]}}}""", """{"_meta":{"ui":{}}}""")]
    [InlineData("""{"_meta":{"openai/widgetCSP":{"connect_domains":["https://a.com"]},"z":1}}""", """{"_meta":{"z":1}}""")]
    [InlineData("""{"_meta":{"ui":{},"ui":{"domain":"d"}}}""", """{"_meta":{"ui":{},"ui":{}}}""")]
    [InlineData("""{"_meta":{"\ud800":1,"ui":{"domain":"d"}}}""", """{"_meta":{"\ud800":1,"ui":{}}}""")]
    public void Removes_what_another_reader_could_take_for_bounds(string entry, string expected) =>
        Assert.Equal(expected, Text(Filter("").Content(Bytes(entry))));

    [Theory]
    [InlineData("", false, "[\"model\"]", false)]
    [InlineData("", false, "[\"model\",\"app\"]", false)]
    [InlineData("", false, "[\"app\"]", true)]
    [InlineData("", false, "[]", true)]
    [InlineData("", false, "\"app\"", true)]
    [InlineData("", false, "null", false)]
    [InlineData("", true, "[\"app\"]", false)]
    [InlineData("", null, "[\"app\"]", false)]
    [InlineData(""","apps":{"allow":false}""", true, "[\"app\"]", true)]
    [InlineData(""","extensions":[]""", true, "[\"app\"]", true)]
    [InlineData(""","extensions":["io.modelcontextprotocol/ui"]""", true, "[\"app\"]", false)]
    public void A_tool_for_apps_only_is_hidden_from_a_client_that_shows_none(
        string member, bool? showsApps, string visibility, bool isHidden)
    {
        var filter = AppFilter.Of(Bound(member), new PinnedTools(), showsApps)!;

        var shown = filter.Tool(Bytes($$"""{"name":"t","_meta":{"ui":{"visibility":{{visibility}} } } }"""));

        Assert.Equal(isHidden, shown is { Length: 0 });
    }

    [Theory]
    [InlineData(""","apps":{"allow":false}""")]
    [InlineData(""","extensions":[]""")]
    [InlineData(""","extensions":["io.modelcontextprotocol/tasks"],"resources":{"allow":["ui:*"]}""")]
    [InlineData(""","resources":{"deny":["ui://s/*"]}""")]
    [InlineData(""","resources":{"default":"deny"}""")]
    public void A_link_to_a_page_that_the_client_may_not_read_is_removed(string member)
    {
        const string tool = """
            {"name":"t","_meta":{"ui":{"resourceUri":"ui://s/app.html"},"ui/resourceUri":"ui://s/app.html"}}
            """;

        Assert.Equal("""{"name":"t","_meta":{"ui":{}}}""", Text(Filter(member).Tool(Bytes(tool))));
        Assert.Null(Filter("").Tool(Bytes(tool)));
    }

    [Fact]
    public void Without_apps_a_tool_is_for_the_model_only() => Assert.Equal(
        """{"name":"t","_meta":{"ui":{"visibility":["model"]}}}""",
        Text(Filter(""","apps":{"allow":false}""").Tool(
            Bytes("""{"name":"t","_meta":{"ui":{"visibility":["model","app"]}}}"""))));

    [Fact]
    public void A_policy_in_shadow_mode_changes_nothing() =>
        Assert.Null(AppFilter.Of(Bound(""","mode":"shadow","apps":{"allow":false}"""), new PinnedTools(), false));

    [Theory]
    [InlineData("""{"id":1,"result":{"contents":[{"_meta":{"ui":{"domain":"d"}}}]}}""")]
    [InlineData("""[{"id":1,"result":{"contents":[{"_meta":{"ui":{"domain":"d"}}}]}}]""")]
    [InlineData("""{"id":1,"result":{"c\u006fntents":[{"_meta":{"ui":{"domain":"d"}}}]}}""")]
    [InlineData("""{"id":1,"RESULT":{"Contents":[{"_meta":{"ui":{"domain":"d"}}}]}}""")]
    public void Contents_are_narrowed_wherever_a_client_could_read_them(string message)
    {
        using var output = new PooledBuffer();

        Assert.True(new AppContents(Filter(""), Bytes("1")).TryRewrite(Bytes(message), output));

        Assert.Equal(message.Replace("\"domain\":\"d\"", "", StringComparison.Ordinal), Text(output.Written.ToArray()));
    }

    [Fact]
    public void Denies_when_the_contents_cannot_be_read()
    {
        using var output = new PooledBuffer();

        Assert.True(new AppContents(Filter(""), Bytes("7")).TryRewrite(
            Bytes("""{"id":7,"result":{"contents":[{"_meta":{"ui":{"domain":"d",}}}]}}"""), output));

        var answer = JsonNode.Parse(Text(output.Written.ToArray())!)!;
        Assert.Equal((7, -32603), ((int)answer["id"]!, (int)answer["error"]!["code"]!));
    }

    private static AppFilter Filter(string member, PinnedTools? pinned = null) =>
        AppFilter.Of(Bound(member), pinned ?? new PinnedTools(), null)!;

    private static PinnedTools Accepted(string page, bool isCurrent)
    {
        var pinned = new PinnedTools();
        var names = new ListedNames([]);
        var bounds = new AppBounds(
            new Dictionary<string, ImmutableArray<AppOrigin>> { ["connectDomains"] = [AppOrigin.Of("https://b.com")] }
                .ToFrozenDictionary(), ["microphone"]);
        pinned.Replace(
            new Dictionary<string, PinnedServer>
            {
                ["srv"] = new(
                    1, FrozenDictionary<string, Gateway.Policy.Decisions.ToolStanding>.Empty,
                    FrozenDictionary<string, AcceptedTool>.Empty, FrozenDictionary<string, ToolDefinition>.Empty, names,
                    names, DateTimeOffset.UnixEpoch)
                {
                    Apps = new Dictionary<string, AcceptedApp>
                    {
                        [Uri] = new(AppContent.HashOf(page), bounds, isCurrent),
                    }.ToFrozenDictionary(),
                },
            },
            new HashSet<string> { "srv" });
        return pinned;
    }

    private static Policy.Rules.PolicyBinding Bound(string member) => PolicyLoader.Load(
        Bytes($$"""{"version":"1","default":"allow"{{member}}}"""), "p.json").Policy!.Bind("bot", "srv");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private static JsonNode Meta(byte[]? entry) => JsonNode.Parse(Text(entry)!)!["_meta"]!;

    private static void AssertJson(string expected, JsonNode actual) => Assert.True(
        JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
