namespace Gateway.Policy.Decisions;

/// <summary>The lists of a server that are filtered.</summary>
public enum ListKind
{
    /// <summary><c>tools/list</c>, by tool name.</summary>
    Tools,

    /// <summary><c>prompts/list</c>, by prompt name.</summary>
    Prompts,

    /// <summary><c>resources/list</c>, by URI.</summary>
    Resources,

    /// <summary><c>resources/templates/list</c>, by URI template.</summary>
    ResourceTemplates,
}
