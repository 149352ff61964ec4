namespace Gateway.Mcp.Protocol;

/// <summary>What of a message a policy judges.</summary>
public enum McpPolicing
{
    /// <summary>Nothing: every grant with a policy may send it.</summary>
    Protocol,

    /// <summary>Nothing: it opens or checks the connection, so a grant without a policy may send it too.</summary>
    Opening,

    /// <summary>The entries of the list in its answer.</summary>
    List,

    /// <summary><c>name</c> and <c>arguments</c> of a tool.</summary>
    Tool,

    /// <summary><c>name</c> of a prompt.</summary>
    Prompt,

    /// <summary><c>uri</c>.</summary>
    Resource,

    /// <summary><c>ref</c>, which names a prompt or a resource template.</summary>
    Completion,

    /// <summary><c>taskId</c>.</summary>
    Task,

    /// <summary><c>notifications.resourceSubscriptions</c>.</summary>
    Listen,

    /// <summary>Nothing: it is served to nobody.</summary>
    NotServed,

    /// <summary>No revision has the method, so that the default of the policy decides.</summary>
    Unknown,
}
