namespace Gateway.Mcp;

/// <summary>The kind of object that a message names, which selects the part of a policy that evaluates it.</summary>
public enum McpSubject
{
    /// <summary>The method names nothing.</summary>
    None,

    /// <summary>A tool, by its name.</summary>
    Tool,

    /// <summary>A prompt, by its name.</summary>
    Prompt,

    /// <summary>A resource or a resource template, by its URI.</summary>
    Resource,

    /// <summary>A task, by its id.</summary>
    Task,
}
