namespace Gateway.Catalogue.Classifying;

/// <summary>How much harm one wrong call may do.</summary>
public enum RiskLevel
{
    /// <summary>It only shows something.</summary>
    Low,
    /// <summary>It can be set right.</summary>
    Medium,
    /// <summary>It reaches beyond what can be told beforehand.</summary>
    High,
    /// <summary>What it does may not come back.</summary>
    Critical,
}
