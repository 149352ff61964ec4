using System.Collections.Immutable;

namespace Gateway.Mcp.Protocol;

/// <summary>
/// The table of every method that an agent may send; <c>docs/reference/methods.md</c> is the same table.
/// </summary>
public static class McpMethodTable
{
    /// <summary>All methods, ordered by frequency.</summary>
    public static ImmutableArray<McpMethod> All { get; } =
    [
        new(McpMethods.ToolsCall, null, McpPolicing.Tool),
        new(McpMethods.ToolsList, null, McpPolicing.List),
        new(McpMethods.Initialize, McpRevision.Legacy, McpPolicing.Opening),
        new(McpMethods.Initialized, McpRevision.Legacy, McpPolicing.Opening),
        new(McpMethods.Ping, null, McpPolicing.Opening, isSentByServersToo: true),
        new(McpMethods.ResourcesRead, null, McpPolicing.Resource),
        new(McpMethods.PromptsGet, null, McpPolicing.Prompt),
        new(McpMethods.ServerDiscover, McpRevision.Stateless, McpPolicing.Opening),
        new(McpMethods.ResourcesList, null, McpPolicing.List),
        new(McpMethods.ResourcesTemplatesList, null, McpPolicing.List),
        new(McpMethods.PromptsList, null, McpPolicing.List),
        new(McpMethods.CompletionComplete, null, McpPolicing.Completion),
        new(McpMethods.SubscriptionsListen, McpRevision.Stateless, McpPolicing.Listen),
        new(McpMethods.Cancelled, null, McpPolicing.Protocol, isSentByServersToo: true),
        new(McpMethods.Progress, null, McpPolicing.Protocol, isSentByServersToo: true),
        new(McpMethods.ResourcesSubscribe, McpRevision.Legacy, McpPolicing.Resource),
        new(McpMethods.ResourcesUnsubscribe, McpRevision.Legacy, McpPolicing.Resource),
        new(McpMethods.LoggingSetLevel, McpRevision.Legacy, McpPolicing.Protocol),
        new(McpMethods.TasksGet, null, McpPolicing.Task),
        new(McpMethods.TasksResult, McpRevision.Legacy, McpPolicing.Task),
        new(McpMethods.TasksCancel, null, McpPolicing.Task),
        new(McpMethods.TasksUpdate, McpRevision.Stateless, McpPolicing.Task),
        new(McpMethods.TasksList, McpRevision.Legacy, McpPolicing.NotServed),
        new(McpMethods.RootsListChanged, null, McpPolicing.Protocol),
        new(McpMethods.TasksStatus, McpRevision.Legacy, McpPolicing.Protocol, isSentByServersToo: true),
    ];

    /// <summary>
    /// Returns the part of a message that a policy evaluates, including for a method that no revision has.
    /// </summary>
    public static McpPolicing PolicingOf(string method)
    {
        foreach (var known in All)
        {
            if (known.Name == method)
                return known.PolicedBy;
        }

        return method.StartsWith(McpMethods.NotificationPrefix, StringComparison.Ordinal) ? McpPolicing.Protocol
            : method.StartsWith(McpMethods.TasksPrefix, StringComparison.Ordinal) ? McpPolicing.Task
            : McpPolicing.Unknown;
    }

    /// <summary>Returns the method of this name; null if no revision has it.</summary>
    internal static McpMethod? Find(ReadOnlySpan<byte> method)
    {
        foreach (var known in All)
        {
            if (method.SequenceEqual(known.Utf8))
                return known;
        }

        return null;
    }
}
