namespace Gateway.Policy.Decisions;

/// <summary>The status of a tool's definition, compared with the accepted one. The caller determines it.</summary>
public enum ToolStanding
{
    /// <summary>The definition is the accepted one, or definitions are not checked.</summary>
    Accepted,

    /// <summary>The definition is new, changed, or has a finding that a person should review.</summary>
    Unaccepted,

    /// <summary>The definition has a finding that no ordinary definition has.</summary>
    Blocked,
}
