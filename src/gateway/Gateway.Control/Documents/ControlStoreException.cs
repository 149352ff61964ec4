namespace Gateway.Control.Documents;

/// <summary>The control store cannot be reached or read. A write that ends so may or may not have happened.</summary>
public sealed class ControlStoreException : Exception
{
    /// <summary>With a message that says what cannot be had and what to do.</summary>
    public ControlStoreException(string message)
        : base(message)
    {
    }

    /// <summary>With the failure beneath.</summary>
    public ControlStoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
