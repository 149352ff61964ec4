using System.Text;

namespace Gateway.Mcp.Reading;

/// <summary>A method that the gateway knows, with the one string that stands for it.</summary>
internal sealed class KnownMethod(string name, MethodShape shape)
{
    // In the order of how often they come.
    private static readonly KnownMethod[] All =
    [
        new(McpMethods.ToolsCall, MethodShape.Tool),
        new(McpMethods.ToolsList, MethodShape.Plain),
        new(McpMethods.Initialize, MethodShape.Plain),
        new(McpMethods.Initialized, MethodShape.Notification),
        new(McpMethods.Ping, MethodShape.Plain),
        new(McpMethods.ResourcesRead, MethodShape.Resource),
        new(McpMethods.PromptsGet, MethodShape.Prompt),
        new(McpMethods.ServerDiscover, MethodShape.Plain),
        new(McpMethods.ResourcesList, MethodShape.Plain),
        new(McpMethods.ResourcesTemplatesList, MethodShape.Plain),
        new(McpMethods.PromptsList, MethodShape.Plain),
        new(McpMethods.CompletionComplete, MethodShape.Completion),
        new(McpMethods.SubscriptionsListen, MethodShape.Listen),
        new(McpMethods.Cancelled, MethodShape.Notification),
        new(McpMethods.Progress, MethodShape.Notification),
        new(McpMethods.ResourcesSubscribe, MethodShape.Resource),
        new(McpMethods.ResourcesUnsubscribe, MethodShape.Resource),
        new(McpMethods.LoggingSetLevel, MethodShape.Plain),
        new(McpMethods.TasksGet, MethodShape.Task),
        new(McpMethods.TasksResult, MethodShape.Task),
        new(McpMethods.TasksCancel, MethodShape.Task),
        new(McpMethods.TasksUpdate, MethodShape.Task),
        new(McpMethods.TasksList, MethodShape.Plain),
        new(McpMethods.RootsListChanged, MethodShape.Notification),
        new(McpMethods.TasksStatus, MethodShape.Notification),
    ];

    private readonly byte[] _utf8 = Encoding.ASCII.GetBytes(name);

    public string Name { get; } = name;

    public MethodShape Shape { get; } = shape;

    public static KnownMethod? Find(ReadOnlySpan<byte> method)
    {
        foreach (var known in All)
        {
            if (method.SequenceEqual(known._utf8))
                return known;
        }

        return null;
    }

    /// <summary>Whether a server that ignores case would take the method for a known one.</summary>
    public static bool IsVariant(ReadOnlySpan<byte> method)
    {
        foreach (var known in All)
        {
            if (JsonText.EqualsFolded(method, known._utf8))
                return true;
        }

        return false;
    }
}
