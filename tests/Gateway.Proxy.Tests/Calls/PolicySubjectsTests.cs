using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Tests.Calls;

/// <summary>The policy evaluates of each method what the table of methods says.</summary>
public sealed class PolicySubjectsTests
{
    private const string Policy = """
        {
          "version": "1", "default": "allow",
          "prompts": { "deny": ["x"] }, "resources": { "deny": ["x"] }, "tools": { "x": { "action": "deny" } }
        }
        """;

    private static readonly PolicyBinding Open = Bind(Policy);

    private static readonly PolicyBinding Closed = Bind("""{"version":"1","default":"deny"}""");

    [Fact]
    public void Each_method_is_evaluated_as_the_table_states() => Assert.All(McpMethodTable.All, method =>
    {
        // A subscription is evaluated as the resources that it names, each by itself.
        var rule = method.PolicedBy switch
        {
            McpPolicing.Tool => "x/action",
            McpPolicing.NotServed => "(method not found)",
            McpPolicing.Prompt or McpPolicing.Completion or McpPolicing.Resource => "deny/0",
            McpPolicing.Task => "(default allow)",
            _ => "(protocol)",
        };
        Assert.Equal(rule, Rule(Open, Read(method.Name)).Split('/', 3)[^1]);
    });

    [Theory]
    [InlineData("notifications/anything/at/all", "(protocol)")]
    [InlineData("tasks/of_tomorrow", "(default deny)")]
    [InlineData("sampling/createMessage", "(default deny)")]
    [InlineData("vendor/own", "(default deny)")]
    public void An_unknown_method_is_evaluated_by_its_prefix_or_by_default(string method, string rule) =>
        Assert.Equal(rule, Rule(Closed, Read(method)));

    [Theory]
    [InlineData("ref/prompt", "name", "/prompts/deny/0")]
    [InlineData("ref/resource", "uri", "/resources/deny/0")]
    public void A_completion_is_evaluated_by_its_reference(string type, string member, string rule) => Assert.Equal(
        rule, Rule(Open, Read("completion/complete", $$$"""{"ref":{"type":"{{{type}}}","{{{member}}}":"x"}}""")));

    [Fact]
    public void Without_a_policy_next_to_nothing_is_allowed()
    {
        string[] allowed =
        [
            "initialize", "notifications/initialized", "ping", "prompts/list", "resources/list",
            "resources/templates/list", "server/discover", "tools/list",
        ];
        Assert.Equal(allowed, McpMethodTable.All.Select(method => method.Name)
            .Where(method => Rule(PolicyBinding.NoPolicy("g", "s"), Read(method)) == "(protocol)").Order());
        Assert.Equal("(no policy)", Rule(PolicyBinding.NoPolicy("g", "s"), Read("vendor/own")));
    }

    private static PolicyBinding Bind(string policy) =>
        PolicyLoader.Load(Encoding.UTF8.GetBytes(policy), "p.json").Policy!.Bind("g", "s");

    private static string Rule(PolicyBinding binding, McpMessage message) =>
        PolicyEngine.Decide(binding, new PolicyCall(PolicySubjects.Of(message), message.Name)).Rule;

    private static McpMessage Read(
        string method,
        string parameters = """{"name":"x","uri":"x","taskId":"1","ref":{"type":"ref/prompt","name":"x"}}""")
    {
        var id = method.StartsWith(McpMethods.NotificationPrefix, StringComparison.Ordinal) ? "" : "\"id\":1,";
        var json = $$"""{"jsonrpc":"2.0",{{id}}"method":"{{method}}","params":{{parameters}}}""";
        var read = McpReader.Read(Encoding.UTF8.GetBytes(json), new McpReadBounds());
        Assert.True(read.Message is not null, json);
        return read.Message;
    }
}
