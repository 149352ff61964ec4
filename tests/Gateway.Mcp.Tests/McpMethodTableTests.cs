using Gateway.Policy;
using Gateway.Policy.Decisions;

namespace Gateway.Mcp.Tests;

/// <summary>One table of methods: the document says what it says, and the policy does what it says.</summary>
public sealed class McpMethodTableTests
{
    private const string Open = """
        {
          "version": "1", "default": "allow",
          "prompts": { "deny": ["x"] }, "resources": { "deny": ["x"] }, "tools": { "x": { "action": "deny" } }
        }
        """;

    [Fact]
    public void The_document_has_the_rows_of_the_table()
    {
        var rows = File.ReadLines(SourceTree.PathOf("docs", "reference", "methods.md"))
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(McpMethodTable.All.Select(Row), rows);
    }

    [Fact]
    public void The_policy_judges_of_each_method_what_the_table_says()
    {
        var binding = PolicyLoader.Load(Encoding.UTF8.GetBytes(Open), "p.json").Policy!.Bind("g", "s");
        Assert.All(McpMethodTable.All, method => Assert.Equal(
            Expected(method.PolicedBy), PolicyEngine.Decide(binding, Call(method, "x")).Rule.Split('/', 3)[^1]));
    }

    [Fact]
    public void Every_method_stands_in_the_table_once() =>
        Assert.Equal(McpMethodTable.All.Length, McpMethodTable.All.DistinctBy(static method => method.Name).Count());

    private static PolicyCall Call(McpMethod method, string name) => new(
        method.Name, name, Subject: method.PolicedBy == McpPolicing.Completion
            ? PolicySubject.Prompt
            : PolicySubject.ByMethod);

    private static string Expected(McpPolicing policedBy) => policedBy switch
    {
        McpPolicing.Tool => "x/action",
        McpPolicing.NotServed => "(method not found)",
        McpPolicing.Prompt or McpPolicing.Completion or McpPolicing.Resource or McpPolicing.Listen => "deny/0",
        McpPolicing.Task => "(default allow)",
        _ => "(protocol)",
    };

    private static string Row(McpMethod method)
    {
        var revisions = method.Revision switch
        {
            McpRevision.Legacy => "up to 2025-11-25",
            McpRevision.Stateless => "from 2026-07-28",
            _ => "all",
        };
        var sentBy = method.IsSentByServersToo ? "agent and server" : "agent";
        return $"| `{method.Name}` | {revisions} | {sentBy} | {method.PolicedBy} |";
    }
}
