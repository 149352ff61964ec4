namespace Gateway.Limits.Model;

/// <summary>Whether a store could say what it holds.</summary>
public enum ReadOutcome
{
    /// <summary>The store did not answer.</summary>
    Unavailable,

    /// <summary>There is no record.</summary>
    Absent,

    /// <summary>There is a record.</summary>
    Found,
}
