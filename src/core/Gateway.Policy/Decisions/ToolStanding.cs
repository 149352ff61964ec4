namespace Gateway.Policy.Decisions;

/// <summary>What is known of a tool's definition: whether it is the one that was accepted. A caller knows it.</summary>
public enum ToolStanding
{
    /// <summary>It is what was accepted, or nobody looks.</summary>
    Accepted,

    /// <summary>It is new, changed, or has a finding that a person should look at.</summary>
    Unaccepted,

    /// <summary>It has a finding that no ordinary definition has.</summary>
    Blocked,
}
