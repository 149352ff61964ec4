namespace Gateway.Acquire.Deciding;

/// <summary>The known state of a call's id.</summary>
internal enum MarkOutcome
{
    /// <summary>The id was not charged before; the mark, if requested, is made.</summary>
    New,

    /// <summary>The id was charged for these costs.</summary>
    Same,

    /// <summary>The id was charged for other costs.</summary>
    Other,

    /// <summary>The state could not be determined.</summary>
    Unknown,
}
