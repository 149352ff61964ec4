namespace Gateway.Limits.Counting;

/// <summary>The state of the numbers that a call was given.</summary>
public enum CallState
{
    /// <summary>The numbers may come back.</summary>
    Out,

    /// <summary>The call was sent. Its numbers are not expected back, so a refusal need not wait for them.</summary>
    Committed,

    /// <summary>The numbers came back; the id can no longer be used.</summary>
    Closed,
}
