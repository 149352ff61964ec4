using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Gateway.Control.Options;

/// <summary>
/// The ranges of <see cref="GatewayOptions"/>, for whoever reads what an operator wrote: they stand there alone.
/// </summary>
public static class OptionRange
{
    /// <summary>The smallest count that the option takes.</summary>
    public static int Least(string option) => Convert.ToInt32(Of(option).Minimum, CultureInfo.InvariantCulture);

    /// <summary>The longest time that the option takes.</summary>
    public static TimeSpan Longest(string option) =>
        TimeSpan.Parse((string)Of(option).Maximum, CultureInfo.InvariantCulture);

    private static RangeAttribute Of(string option) =>
        typeof(GatewayOptions).GetProperty(option)!.GetCustomAttribute<RangeAttribute>()!;
}
