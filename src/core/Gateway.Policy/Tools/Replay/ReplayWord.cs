namespace Gateway.Policy.Tools.Replay;

/// <summary>The result of replaying one call.</summary>
public enum ReplayWord
{
    /// <summary>The decision would be the same.</summary>
    Same,

    /// <summary>The decision would be different.</summary>
    Changed,

    /// <summary>The decision cannot be determined.</summary>
    Unknown,
}
