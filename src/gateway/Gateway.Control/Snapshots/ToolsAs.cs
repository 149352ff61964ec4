namespace Gateway.Control.Snapshots;

/// <summary>The form in which a grant's tools are listed.</summary>
public enum ToolsAs
{
    /// <summary>Each tool with its definition, as its server lists it.</summary>
    List,

    /// <summary>Three tools that find, describe and call the others.</summary>
    Search,
}
