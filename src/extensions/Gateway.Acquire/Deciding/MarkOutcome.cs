namespace Gateway.Acquire.Deciding;

/// <summary>What is known of the id of a call.</summary>
internal enum MarkOutcome
{
    /// <summary>Nobody has been charged for it; the mark, where one was asked for, is made.</summary>
    New,

    /// <summary>It was charged for these costs.</summary>
    Same,

    /// <summary>It was charged for other ones.</summary>
    Other,

    /// <summary>Nothing: that could not be found out.</summary>
    Unknown,
}
