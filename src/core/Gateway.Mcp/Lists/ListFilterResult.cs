namespace Gateway.Mcp.Lists;

/// <summary>What the list filter did with a message.</summary>
public enum ListFilterResult
{
    /// <summary>Nothing had to change: the message passes byte for byte.</summary>
    Unchanged,

    /// <summary>The filtered message was written.</summary>
    Changed,

    /// <summary>The message is not JSON that can be judged, so it must not pass.</summary>
    Unreadable,
}
