namespace Gateway.Limits.Counting;

/// <summary>What has become of the numbers that a call was given.</summary>
public enum CallState
{
    /// <summary>They may come back.</summary>
    Out,

    /// <summary>Their call was sent: they are not expected back, and a refusal need not wait for them.</summary>
    Settled,

    /// <summary>They came back; the id is good for nothing more.</summary>
    Closed,
}
