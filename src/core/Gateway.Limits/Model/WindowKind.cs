namespace Gateway.Limits.Model;

/// <summary>How a limit's window moves.</summary>
public enum WindowKind
{
    /// <summary>Windows aligned to UTC, one after the other; each starts empty.</summary>
    Fixed,

    /// <summary>Never more than the maximum in any interval of the window's length.</summary>
    Sliding,
}
