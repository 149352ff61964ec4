namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The kind of effect of a tool call. The numbers are stored in index files, so they never change;
/// <see cref="CategorySeverity"/> has the order from mild to severe.
/// </summary>
public enum ToolCategory
{
    /// <summary>It reads and changes nothing.</summary>
    Read = 0,
    /// <summary>It creates or changes something that can be undone, or sends a message.</summary>
    Write = 1,
    /// <summary>It runs, starts, stops or signs in; also a tool that cannot be classified.</summary>
    Execute = 2,
    /// <summary>It deletes something.</summary>
    Destructive = 3,
    /// <summary>It moves money, or commits someone to pay.</summary>
    Financial = 4,
    /// <summary>It returns a credential, a token or values of the environment to the agent.</summary>
    Secret = 5,
}
