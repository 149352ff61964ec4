using System.Globalization;
using Gateway.Control.Options;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Draining;

/// <summary>The operator's setting for lingering: a length such as <c>2s</c>, or seconds such as <c>0.5</c>.</summary>
public static class LingerChoice
{
    private static readonly TimeSpan Max = OptionRange.Longest<DrainOptions>(nameof(DrainOptions.Grace));

    /// <summary>The default.</summary>
    public const string Default = "2s";

    /// <summary>The permitted values, for messages.</summary>
    public static readonly string Rule =
        $"a length such as 2s or 1m, or seconds such as 0.5; 0 to {Max.TotalSeconds} seconds";

    /// <summary>Reads the setting; returns false if it is not a length, or too long.</summary>
    public static bool TryRead(string text, out TimeSpan linger)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (WrittenTime.TryLength(text, out linger))
            return linger <= Max;
        if (!double.TryParse(text.EndsWith('s') ? text[..^1] : text, NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var seconds) || !(seconds <= Max.TotalSeconds))
        {
            return false;
        }

        linger = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
