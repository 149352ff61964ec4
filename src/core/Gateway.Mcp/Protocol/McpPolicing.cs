namespace Gateway.Mcp.Protocol;

/// <summary>The part of a message that a policy evaluates.</summary>
public enum McpPolicing
{
    /// <summary>Nothing: every grant with a policy may send it.</summary>
    Protocol,

    /// <summary>Nothing: it opens or checks the connection, so even a grant without a policy may send it.</summary>
    Opening,

    /// <summary>The entries of the list in the response.</summary>
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

    /// <summary>Nothing: it is never served.</summary>
    NotServed,

    /// <summary>No revision has the method, so the default of the policy decides.</summary>
    Unknown,
}
