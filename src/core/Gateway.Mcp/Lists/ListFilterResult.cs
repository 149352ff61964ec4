namespace Gateway.Mcp.Lists;

/// <summary>The result of filtering a message.</summary>
public enum ListFilterResult
{
    /// <summary>Nothing had to change: the message passes unchanged.</summary>
    Unchanged,

    /// <summary>The filtered message was written.</summary>
    Changed,

    /// <summary>The message is not JSON that can be evaluated, so it must not pass.</summary>
    Unreadable,
}
