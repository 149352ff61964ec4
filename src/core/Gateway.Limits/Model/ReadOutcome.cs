namespace Gateway.Limits.Model;

/// <summary>The outcome of a read from a store.</summary>
public enum ReadOutcome
{
    /// <summary>The store did not respond.</summary>
    Unavailable,

    /// <summary>There is no record.</summary>
    Absent,

    /// <summary>There is a record.</summary>
    Found,
}
