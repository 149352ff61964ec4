namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The kind of effect that a call of a tool has. The numbers are in index files, so they never change;
/// <see cref="CategorySeverity"/> has the order from mild to severe.
/// </summary>
public enum ToolCategory
{
    /// <summary>It looks, and leaves everything as it was.</summary>
    Read = 0,
    /// <summary>It makes or changes something that can be set right again, or sends a message.</summary>
    Write = 1,
    /// <summary>It runs, starts, stops or signs in; also a tool that cannot be classified.</summary>
    Execute = 2,
    /// <summary>It takes something away.</summary>
    Destructive = 3,
    /// <summary>It moves money, or binds somebody to pay.</summary>
    Financial = 4,
    /// <summary>It returns a credential, a token or values of the environment to the agent.</summary>
    Secret = 5,
}
