namespace Gateway.Mcp.Protocol;

/// <summary>The methods of every revision that is served, as they stand on the wire.</summary>
public static class McpMethods
{
    /// <summary>Opens a session (up to 2025-11-25).</summary>
    public const string Initialize = "initialize";

    /// <summary>What a server is and offers (from 2026-07-28).</summary>
    public const string ServerDiscover = "server/discover";

    /// <summary>Is the other side there.</summary>
    public const string Ping = "ping";

    /// <summary>Calls a tool.</summary>
    public const string ToolsCall = "tools/call";

    /// <summary>Lists tools.</summary>
    public const string ToolsList = "tools/list";

    /// <summary>Lists prompts.</summary>
    public const string PromptsList = "prompts/list";

    /// <summary>Reads a prompt.</summary>
    public const string PromptsGet = "prompts/get";

    /// <summary>Lists resources.</summary>
    public const string ResourcesList = "resources/list";

    /// <summary>Lists resource templates.</summary>
    public const string ResourcesTemplatesList = "resources/templates/list";

    /// <summary>Reads a resource.</summary>
    public const string ResourcesRead = "resources/read";

    /// <summary>Asks for changes of one resource (up to 2025-11-25).</summary>
    public const string ResourcesSubscribe = "resources/subscribe";

    /// <summary>Ends such a subscription (up to 2025-11-25).</summary>
    public const string ResourcesUnsubscribe = "resources/unsubscribe";

    /// <summary>Notifies a subscriber that a resource changed.</summary>
    public const string ResourcesUpdated = "notifications/resources/updated";

    /// <summary>Completes an argument of a prompt or a resource template.</summary>
    public const string CompletionComplete = "completion/complete";

    /// <summary>Sets how much the server logs (up to 2025-11-25).</summary>
    public const string LoggingSetLevel = "logging/setLevel";

    /// <summary>Opens a long-lived stream of changes (from 2026-07-28).</summary>
    public const string SubscriptionsListen = "subscriptions/listen";

    /// <summary>The state of a task.</summary>
    public const string TasksGet = "tasks/get";

    /// <summary>The result of a task (2025-11-25).</summary>
    public const string TasksResult = "tasks/result";

    /// <summary>Cancels a task.</summary>
    public const string TasksCancel = "tasks/cancel";

    /// <summary>Gives a task what it asked for (tasks extension).</summary>
    public const string TasksUpdate = "tasks/update";

    /// <summary>Lists tasks, of whatever grant: never served.</summary>
    public const string TasksList = "tasks/list";

    /// <summary>The client is ready (up to 2025-11-25).</summary>
    public const string Initialized = "notifications/initialized";

    /// <summary>The client gives up a request.</summary>
    public const string Cancelled = "notifications/cancelled";

    /// <summary>Progress of a request.</summary>
    public const string Progress = "notifications/progress";

    /// <summary>A server asks the client's person.</summary>
    public const string ElicitationCreate = "elicitation/create";

    /// <summary>What a link led to is done (2025-11-25).</summary>
    public const string ElicitationComplete = "notifications/elicitation/complete";

    /// <summary>A line of the server's log.</summary>
    public const string LogMessage = "notifications/message";

    /// <summary>The client's roots changed.</summary>
    public const string RootsListChanged = "notifications/roots/list_changed";

    /// <summary>The list of tools changed.</summary>
    public const string ToolsListChanged = "notifications/tools/list_changed";

    /// <summary>The list of prompts changed.</summary>
    public const string PromptsListChanged = "notifications/prompts/list_changed";

    /// <summary>The list of resources, or of resource templates, changed.</summary>
    public const string ResourcesListChanged = "notifications/resources/list_changed";

    /// <summary>The state of a task of the client's changed (2025-11-25).</summary>
    public const string TasksStatus = "notifications/tasks/status";

    /// <summary>What a server agreed to tell of (from 2026-07-28).</summary>
    public const string SubscriptionsAcknowledged = "notifications/subscriptions/acknowledged";

    /// <summary>Every notification's method starts so.</summary>
    public const string NotificationPrefix = "notifications/";

    /// <summary>Every task method starts so.</summary>
    public const string TasksPrefix = "tasks/";
}
