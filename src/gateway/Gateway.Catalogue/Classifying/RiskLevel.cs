namespace Gateway.Catalogue.Classifying;

/// <summary>The harm that one wrong call may do.</summary>
public enum RiskLevel
{
    /// <summary>It only shows something.</summary>
    Low,
    /// <summary>It can be undone.</summary>
    Medium,
    /// <summary>Its effects cannot be predicted.</summary>
    High,
    /// <summary>Its effects may be permanent.</summary>
    Critical,
}
