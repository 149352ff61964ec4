namespace Gateway.Mcp;

/// <summary>The lists that a server offers; each is filtered for the grant that asks.</summary>
public enum McpListKind
{
    /// <summary><c>result.tools</c>, judged by <c>name</c>.</summary>
    Tools,

    /// <summary><c>result.prompts</c>, judged by <c>name</c>.</summary>
    Prompts,

    /// <summary><c>result.resources</c>, judged by <c>uri</c>.</summary>
    Resources,

    /// <summary><c>result.resourceTemplates</c>, judged by <c>uriTemplate</c>.</summary>
    ResourceTemplates,
}
