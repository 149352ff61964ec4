namespace Gateway.Policy.Tools.Replay;

/// <summary>What a replay says of one call.</summary>
public enum ReplayWord
{
    /// <summary>It would be decided as it was.</summary>
    Same,

    /// <summary>It would be decided otherwise.</summary>
    Changed,

    /// <summary>That cannot be told.</summary>
    Unknown,
}
