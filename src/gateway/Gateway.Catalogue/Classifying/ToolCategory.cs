namespace Gateway.Catalogue.Classifying;

/// <summary>What kind of effect a call of a tool has, the mildest first.</summary>
public enum ToolCategory
{
    /// <summary>It looks, and leaves everything as it was.</summary>
    Read,
    /// <summary>It makes or changes something that can be set right again, or sends a message.</summary>
    Write,
    /// <summary>It runs, starts, stops or signs in; also what cannot be told.</summary>
    Execute,
    /// <summary>It takes something away.</summary>
    Destructive,
    /// <summary>It moves money, or binds somebody to pay.</summary>
    Financial,
}
