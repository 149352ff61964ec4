namespace Gateway.Limits.Model;

/// <summary>What of a calendar one window is.</summary>
public enum CalendarUnit
{
    /// <summary>From one date to the next.</summary>
    Day,

    /// <summary>From a Monday to the next.</summary>
    Week,

    /// <summary>From the first of a month to that of the next.</summary>
    Month,
}
