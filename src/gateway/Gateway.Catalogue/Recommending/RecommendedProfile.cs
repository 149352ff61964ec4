namespace Gateway.Catalogue.Recommending;

/// <summary>The strictness of a recommended policy.</summary>
public enum RecommendedProfile
{
    /// <summary>Reading and writing run within limits; a person approves what may be irreversible.</summary>
    Balanced,

    /// <summary>Only reading runs without a person; destroying and revealing secrets is denied.</summary>
    Cautious,

    /// <summary>
    /// As <see cref="Balanced"/>, but entries of tools that are not grave only record what they would refuse.
    /// </summary>
    Observe,
}
