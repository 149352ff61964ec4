namespace Gateway.Limits.Model;

/// <summary>The calendar period of one window.</summary>
public enum CalendarUnit
{
    /// <summary>A day, from one date to the next.</summary>
    Day,

    /// <summary>A week, from one Monday to the next.</summary>
    Week,

    /// <summary>A month, from its first day to that of the next.</summary>
    Month,
}
