using Gateway.Mcp.Protocol;

namespace Gateway.Mcp.Tests.Protocol;

/// <summary>One table of methods: the document says what it says.</summary>
public sealed class McpMethodTableTests
{
    [Fact]
    public void The_document_has_the_rows_of_the_table()
    {
        var rows = File.ReadLines(SourceTree.PathOf("docs", "reference", "methods.md"))
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(McpMethodTable.All.Select(Row), rows);
    }

    [Fact]
    public void Every_method_stands_in_the_table_once() =>
        Assert.Equal(McpMethodTable.All.Length, McpMethodTable.All.DistinctBy(static method => method.Name).Count());

    [Fact]
    public void PolicingOf_finds_each_method_by_its_name()
    {
        foreach (var method in McpMethodTable.All)
            Assert.Equal(method.PolicedBy, McpMethodTable.PolicingOf(method.Name));
        Assert.Equal(McpPolicing.Protocol, McpMethodTable.PolicingOf("notifications/of/tomorrow"));
        Assert.Equal(McpPolicing.Task, McpMethodTable.PolicingOf("tasks/of_tomorrow"));
        Assert.Equal(McpPolicing.Unknown, McpMethodTable.PolicingOf("notifications"));
        Assert.Equal(McpPolicing.Unknown, McpMethodTable.PolicingOf("Tools/call"));
    }

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
