using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Gateway.Control.Options;

/// <summary>
/// Reads the range of an option, so that the command line validates the operator's value against the same range.
/// </summary>
public static class OptionRange
{
    private const DynamicallyAccessedMemberTypes Properties = DynamicallyAccessedMemberTypes.PublicProperties;

    /// <summary>Returns the smallest count that the option accepts.</summary>
    public static int Least<[DynamicallyAccessedMembers(Properties)] T>(string option) =>
        Convert.ToInt32(Of<T>(option).Minimum, CultureInfo.InvariantCulture);

    /// <summary>Returns the shortest time that the option accepts.</summary>
    public static TimeSpan Shortest<[DynamicallyAccessedMembers(Properties)] T>(string option) =>
        TimeSpan.Parse((string)Of<T>(option).Minimum, CultureInfo.InvariantCulture);

    /// <summary>Returns the longest time that the option accepts.</summary>
    public static TimeSpan Longest<[DynamicallyAccessedMembers(Properties)] T>(string option) =>
        TimeSpan.Parse((string)Of<T>(option).Maximum, CultureInfo.InvariantCulture);

    private static RangeAttribute Of<[DynamicallyAccessedMembers(Properties)] T>(string option) =>
        typeof(T).GetProperty(option)!.GetCustomAttribute<RangeAttribute>()!;
}
