namespace Gateway.Mcp.Reading;

/// <summary>Which members of <c>params</c> a method is judged by.</summary>
internal enum MethodShape
{
    /// <summary>None.</summary>
    Plain,

    /// <summary><c>name</c> and <c>arguments</c> of a tool.</summary>
    Tool,

    /// <summary><c>name</c> and <c>arguments</c> of a prompt.</summary>
    Prompt,

    /// <summary><c>uri</c>.</summary>
    Resource,

    /// <summary><c>ref</c>, which names a prompt or a resource template.</summary>
    Completion,

    /// <summary><c>taskId</c>.</summary>
    Task,

    /// <summary><c>notifications.resourceSubscriptions</c>.</summary>
    Listen,

    /// <summary>A notification: it has no id.</summary>
    Notification,
}
