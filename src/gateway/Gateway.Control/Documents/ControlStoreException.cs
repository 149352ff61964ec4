namespace Gateway.Control.Documents;

/// <summary>The control store cannot be reached or read. A write that throws it may or may not have happened.</summary>
public sealed class ControlStoreException : Exception
{
    /// <summary>Creates an exception with a message that says what is unavailable and what to do.</summary>
    public ControlStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with the failure that caused it.</summary>
    public ControlStoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
