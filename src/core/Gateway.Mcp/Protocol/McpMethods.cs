namespace Gateway.Mcp.Protocol;

/// <summary>The names of the methods of every supported revision, as on the wire.</summary>
public static class McpMethods
{
    /// <summary>Opens a session (up to 2025-11-25).</summary>
    public const string Initialize = "initialize";

    /// <summary>Describes a server and its offerings (from 2026-07-28).</summary>
    public const string ServerDiscover = "server/discover";

    /// <summary>Checks that the other side responds.</summary>
    public const string Ping = "ping";

    /// <summary>Calls a tool.</summary>
    public const string ToolsCall = "tools/call";

    /// <summary>Lists tools.</summary>
    public const string ToolsList = "tools/list";

    /// <summary>Lists prompts.</summary>
    public const string PromptsList = "prompts/list";

    /// <summary>Gets a prompt.</summary>
    public const string PromptsGet = "prompts/get";

    /// <summary>Lists resources.</summary>
    public const string ResourcesList = "resources/list";

    /// <summary>Lists resource templates.</summary>
    public const string ResourcesTemplatesList = "resources/templates/list";

    /// <summary>Reads a resource.</summary>
    public const string ResourcesRead = "resources/read";

    /// <summary>Subscribes to changes of one resource (up to 2025-11-25).</summary>
    public const string ResourcesSubscribe = "resources/subscribe";

    /// <summary>Ends such a subscription (up to 2025-11-25).</summary>
    public const string ResourcesUnsubscribe = "resources/unsubscribe";

    /// <summary>Notifies a subscriber that a resource changed.</summary>
    public const string ResourcesUpdated = "notifications/resources/updated";

    /// <summary>Completes an argument of a prompt or a resource template.</summary>
    public const string CompletionComplete = "completion/complete";

    /// <summary>Sets the server's log level (up to 2025-11-25).</summary>
    public const string LoggingSetLevel = "logging/setLevel";

    /// <summary>Opens a long-lived stream of changes (from 2026-07-28).</summary>
    public const string SubscriptionsListen = "subscriptions/listen";

    /// <summary>Gets the state of a task.</summary>
    public const string TasksGet = "tasks/get";

    /// <summary>Gets the result of a task (2025-11-25).</summary>
    public const string TasksResult = "tasks/result";

    /// <summary>Cancels a task.</summary>
    public const string TasksCancel = "tasks/cancel";

    /// <summary>Gives a task the input that it requested (tasks extension).</summary>
    public const string TasksUpdate = "tasks/update";

    /// <summary>Lists the tasks of all grants, so it is never served.</summary>
    public const string TasksList = "tasks/list";

    /// <summary>Notifies the server that the client is ready (up to 2025-11-25).</summary>
    public const string Initialized = "notifications/initialized";

    /// <summary>Notifies the server that the client cancels a request.</summary>
    public const string Cancelled = "notifications/cancelled";

    /// <summary>Reports the progress of a request.</summary>
    public const string Progress = "notifications/progress";

    /// <summary>Requests input from the client's user.</summary>
    public const string ElicitationCreate = "elicitation/create";

    /// <summary>Notifies the client that an interaction at a URL is complete (2025-11-25).</summary>
    public const string ElicitationComplete = "notifications/elicitation/complete";

    /// <summary>Sends a message of the server's log.</summary>
    public const string LogMessage = "notifications/message";

    /// <summary>Notifies the server that the client's roots changed.</summary>
    public const string RootsListChanged = "notifications/roots/list_changed";

    /// <summary>Notifies the client that the list of tools changed.</summary>
    public const string ToolsListChanged = "notifications/tools/list_changed";

    /// <summary>Notifies the client that the list of prompts changed.</summary>
    public const string PromptsListChanged = "notifications/prompts/list_changed";

    /// <summary>Notifies the client that the list of resources, or of resource templates, changed.</summary>
    public const string ResourcesListChanged = "notifications/resources/list_changed";

    /// <summary>Notifies a subscriber of the state of its task (tasks extension).</summary>
    public const string TaskChanged = "notifications/tasks";

    /// <summary>Notifies the client that the state of its task changed (2025-11-25).</summary>
    public const string TasksStatus = "notifications/tasks/status";

    /// <summary>Confirms the subscriptions that a server agreed to (from 2026-07-28).</summary>
    public const string SubscriptionsAcknowledged = "notifications/subscriptions/acknowledged";

    /// <summary>The prefix of every notification's method.</summary>
    public const string NotificationPrefix = "notifications/";

    /// <summary>The prefix of every task method.</summary>
    public const string TasksPrefix = "tasks/";
}
