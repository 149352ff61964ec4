namespace Gateway.Mcp;

/// <summary>The lists that a server offers; each is filtered for the requesting grant.</summary>
public enum McpListKind
{
    /// <summary><c>result.tools</c>, evaluated by <c>name</c>.</summary>
    Tools,

    /// <summary><c>result.prompts</c>, evaluated by <c>name</c>.</summary>
    Prompts,

    /// <summary><c>result.resources</c>, evaluated by <c>uri</c>.</summary>
    Resources,

    /// <summary><c>result.resourceTemplates</c>, evaluated by <c>uriTemplate</c>.</summary>
    ResourceTemplates,
}
