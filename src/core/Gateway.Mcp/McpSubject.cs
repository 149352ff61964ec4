namespace Gateway.Mcp;

/// <summary>What the name of a message names, and so which part of a policy judges it.</summary>
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
